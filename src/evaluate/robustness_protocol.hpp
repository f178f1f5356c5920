// SPDX-License-Identifier: Apache-2.0
// Faces as people have them: how many are found, and described alike, in photos made hard one way
// at a time; and how often a face is invented where there is none.
#pragma once

#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/robustness_variants.hpp"

namespace facet::detail {

// One way of making photos hard, on one set of faces.
struct RobustnessRow {
  std::string set;  // "lfw" or "frames"
  RobustnessVariant variant;
  std::size_t faces = 0;
  std::size_t found = 0;
  // Of the faces found here and in the unchanged photo:
  std::size_t attributes = 0;  // decisions compared
  std::size_t differing = 0;   // that came out otherwise
  std::size_t males = 0;       // the same of Male alone
  std::size_t males_differing = 0;
  // By LFWA's noisy labels, which serve this comparison only; 0 where there are none.
  std::size_t darker = 0;  // faces with darker skin
  std::size_t darker_found = 0;
};

// Photos without people.
struct AlarmRow {
  std::string set;  // "scenes", "objects" or "animals"
  std::size_t photos = 0;
  std::size_t with_face = 0;  // photos in which a face was invented
  std::size_t faces = 0;
  double goal = 0;  // percent of the photos, at most
};

// Which photos: those that figures are reported on, or others, on which settings are chosen (their
// faces have been trained on, their scenes and objects have not).
enum class RobustnessPhotos { report, validation };

struct RobustnessReport {
  std::vector<RobustnessRow> rows;
  std::vector<AlarmRow> alarms;
  std::vector<std::string> left_out;  // why a set is not there
  std::vector<std::string> unreadable;
};

// At most 200 faces a set, spread evenly, or options.limit.
RobustnessReport measure_robustness(RobustnessPhotos photos, const EvaluationOptions& options);

// Prints, and with options.out writes NAME.csv and NAME.svg. Throws Error(not_found) where no set
// is there.
EvaluationResult evaluate_robustness(const std::string& name, RobustnessPhotos photos,
                                     const EvaluationOptions& options);

}  // namespace facet::detail
