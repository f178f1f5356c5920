// SPDX-License-Identifier: Apache-2.0
// Linear SVMs on given features, an attribute each, as every comparison of the report has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "evaluate/paper/answer_counts.hpp"
#include "evaluate/paper/paper_sets.hpp"
#include "evaluate/paper/result_store.hpp"

namespace facet::detail {

struct AttributePlane {
  std::vector<float> weight;
  float bias = 0;
};
using AttributePlanes = std::vector<AttributePlane>;

// `row` has as many numbers as the plane has weights.
float score_of(const AttributePlane& plane, const float* row);

// One plane an attribute, from the photos listed; the sign of a score decides. An attribute that
// all of them have, or none, is always answered so.
AttributePlanes fit_planes(const StoredRows& features, std::span<const std::size_t> photos,
                           const PaperSet& set, double cost, int threads);

// Answers about the photos listed.
AnswerCounts answer(const AttributePlanes& planes, const StoredRows& features,
                    std::span<const std::size_t> photos, const PaperSet& set);

// The cost whose planes are right most often about photos that they were not fitted to.
double choose_cost(const StoredRows& features, std::span<const std::size_t> fit,
                   std::span<const std::size_t> choose, const PaperSet& set,
                   std::span<const double> costs, int threads);

// Photos of people whose number, in the order in which they come, leaves this remainder.
std::vector<std::size_t> photos_of_people(const PaperSet& set, std::size_t modulus,
                                          std::span<const std::size_t> remainders);
std::vector<std::size_t> all_photos(const PaperSet& set);
// Photos of people with even, or odd, identity numbers.
std::vector<std::size_t> photos_by_identity(const PaperSet& set, bool odd);

// Some columns of features.
StoredRows columns_of(const StoredRows& features, std::span<const std::size_t> columns);

}  // namespace facet::detail
