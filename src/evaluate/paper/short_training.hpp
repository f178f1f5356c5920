// SPDX-License-Identifier: Apache-2.0
// Networks of recipes/paper_rows.toml: what was trained for minutes, several times over.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/paper/answer_counts.hpp"
#include "evaluate/paper/claim.hpp"

namespace facet::detail {

// What every row of short training must say of itself, after what else differs.
constexpr const char* kShortTraining =
    "; trained for minutes, so that the direction may hold for full training and the size may not";

// The commands that train the rows and make a section with them.
std::string stages_command(const std::string& section);

// The same stage trained with several seeds, about the same photos.
struct Seeds {
  std::vector<AnswerCounts> counts;

  // Average accuracy over seeds, and its standard deviation: 0 for fewer than two.
  [[nodiscard]] double mean(PersonWeights weights = {}) const;
  [[nodiscard]] double deviation() const;
};

// A difference between two trainings: how sure it is over people, and over seeds.
struct SeedGain {
  Interval people;   // of the difference of means; 95 % over people
  double seeds = 0;  // half of the 95 % interval over seeds (Welch's t); infinite where a
                     // side has one seed alone
  [[nodiscard]] Interval both() const;  // the two together, as independent
};
// Throws Error(invalid_argument) where a side has no seed.
SeedGain gain_between(const Seeds& with, const Seeds& without, std::string_view set);

// The half width of the 95 % interval of the difference between two means, by Welch's t. Infinite
// where a side has fewer than two values.
double welch_half_width(std::span<const double> a, std::span<const double> b);

// Short training shows the direction of a claim, never its size.
Verdict direction_alone(Verdict verdict);

}  // namespace facet::detail
