// SPDX-License-Identifier: Apache-2.0
// LNet's windows on packed photos, as the inference library found them (stages of kind find_faces).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace facet::training {

// A square window, side = face height in photo pixels.
struct FoundWindow {
  float centre_x = 0;
  float centre_y = 0;
  float side = 0;
  float evidence = 0;
  float angle = 0;  // of the face, radians clockwise, where it was aligned
};

// Windows of each photo of a pack, strongest first.
using WindowList = std::map<std::string, std::vector<FoundWindow>>;

// CSV: name,rank,centre_x,centre_y,side,evidence,angle. Throws Error naming file and
// line.
WindowList read_windows(const std::filesystem::path& path);

}  // namespace facet::training
