// SPDX-License-Identifier: Apache-2.0
// What people said about faces, as `facet export --said` writes it: JSON, a line a photo.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "facet/box.hpp"

namespace facet::detail {

struct SaidFace {
  std::string path;                  // of its photo, as the file has it
  int line = 0;                      // of the file
  Box box;                           // in shares of the upright photo's sides
  std::map<std::string, bool> said;  // by attribute
};

// Whether the file is of this form; false where it cannot be read.
bool is_said_list(const std::filesystem::path& file);

// Faces about which something was said. Throws Error: not_found, io, bad_label with file and line.
std::vector<SaidFace> read_said_faces(const std::filesystem::path& file);

// Which of a photo's boxes, in pixels, the face means: the one that shares most with it, at least
// half; -1 where there is none.
int face_meant(const SaidFace& face, const std::vector<Box>& boxes, int photo_width,
               int photo_height);

}  // namespace facet::detail
