// SPDX-License-Identifier: Apache-2.0
// From what the user typed to the photos it stands for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "photos/passed_over.hpp"
#include "photos/path_list.hpp"

namespace facet::detail {

struct PhotoFile {
  std::filesystem::path file;  // where it lies
  // In results: as typed; for photos of a folder the path within it where nothing but one folder
  // was typed, else with the folder.
  std::string shown;
  std::string picture_name;  // a flat name without extension, for pictures made from it
  std::string fault = {};    // why there is no photo: a missing path, a folder that cannot be read
  bool video = false;        // a video by its name, or where that says nothing by its first bytes
};

// Standard input as bytes: at least one, 0 at the end. Throws Error(io).
std::size_t read_standard_input(std::span<char> buffer);

struct PhotoArguments {
  std::vector<std::string> paths;  // files, folders, "-" for a list of both on standard input
  PathList::Separator separator = PathList::Separator::automatic;
  PathList::ReadBytes read_input = read_standard_input;
  bool videos = false;  // also those of folders; those that are named come anyway
};

// True for a picture that facet drew, from its first bytes.
bool is_own_picture(const std::filesystem::path& file);

struct PhotoList {
  std::vector<PhotoFile> photos;
  PassedOver passed_over;
};

// The photos in order: files as typed; folders with all photos below them, sorted, but without
// pictures that facet drew. What is missing or cannot be read becomes a PhotoFile with a fault.
// Throws Error(not_found) where there is no photo at all, and where nothing that was typed can be
// read; Error(io) where the list cannot be read.
PhotoList collect_photos(const PhotoArguments& arguments);

}  // namespace facet::detail
