// SPDX-License-Identifier: Apache-2.0
// Videos made by FFmpeg's own encoders (MPEG-4 part 2, which every build of it has).
#pragma once

#include <filesystem>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail::test {

struct ClipForm {
  int frames_a_second = 10;
  int key_every = 12;        // frames between two that can be decoded alone
  int turn = 0;              // degrees clockwise that players are to turn it by
  bool header_first = true;  // of MPEG-4 files: readable where the end is cut off
};

// The container follows the file's extension: .mp4, .mkv, .avi. Frames of one even size.
void write_clip(const std::filesystem::path& file, const std::vector<Image>& frames,
                const ClipForm& form = {});

}  // namespace facet::detail::test
