// SPDX-License-Identifier: Apache-2.0
// How steady a face's box is: the same photo, cropped by a pixel, mirrored or resized a little,
// should give the same box.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/run_record.hpp"
#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// A photo changed a little, and the way back for boxes in it.
struct SlightChange {
  std::string name;  // "cropped by a pixel", "mirrored", "9/10 as large", "11/10 as large"
  Image photo;
  float scale_x = 1;  // of boxes, back to the photo before
  float scale_y = 1;
  float shift = 0;  // pixels, both ways
  bool mirrored = false;

  [[nodiscard]] Box back(const Box& box, int width_before) const;
};

std::vector<SlightChange> slight_changes(const Image& photo);

// Overlaps of the boxes of one face before and after each change.
struct Steadiness {
  std::size_t faces = 0;      // photos in which the listed face was found
  std::size_t compared = 0;   // boxes
  std::size_t lost = 0;       // changed photos in which the face was not found
  double mean_overlap = 0;    // lost ones count as 0
  double share_below_07 = 0;  // of compared and lost
};

// The model's own way on at most `most` photos of the set, spread evenly.
Steadiness measure_steadiness(const EvaluationSet& set, std::size_t most,
                              const EvaluationOptions& options,
                              std::vector<std::string>& unreadable);

// One line for people.
std::string steadiness_text(const std::string& set, const Steadiness& steadiness);
// localisation-steadiness.csv. Throws Error(io).
void write_steadiness(const std::filesystem::path& folder, const std::string& set,
                      const Steadiness& steadiness, const RunRecord& record);

}  // namespace facet::detail
