// SPDX-License-Identifier: Apache-2.0
// How probable it is that a query holds, for many faces at once.
//
// Terms count as independent where the face is known: all_of multiplies, any_of is 1 - Π(1 - p).
// Comparisons, counts, days, paths and people are certain: 0 or 1.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/query/query_plan.hpp"

namespace facet::detail {

// Days as columns hold them: two bytes, from 1900-01-01 as 1 to the year 2079; 0 is unknown.
// Earlier and later days are the first and the last one.
std::uint16_t stored_day(std::int64_t days_since_1970);

// Faces of whole photos. All spans are as long as `photo`; faces of one photo are neighbours.
struct FaceBlock {
  std::span<const std::uint32_t> photo;                // id of the face's photo
  std::vector<std::span<const std::uint8_t>> columns;  // p · 255, as QueryPlan::columns
  std::span<const std::uint16_t> day;                  // stored_day(); needed where uses_dates
  std::vector<std::span<const std::uint8_t>> people;   // 0 or 1, as QueryPlan::people
  std::vector<std::span<const float>> likes;           // 0…1, as QueryPlan::likes
  std::vector<const std::vector<bool>*> someone;       // by photo id, as QueryPlan::people
  std::vector<const std::vector<bool>*> paths;         // by photo id, as QueryPlan::paths
};

// A probability for each face of the block.
std::vector<float> evaluate(const QueryPlan& plan, const FaceBlock& block);

// What is known of a photo without faces.
struct BarePhoto {
  std::uint32_t id = 0;
  std::uint16_t day = 0;
};
// The same for such a photo: nothing holds for a face, neither a word nor its opposite; names may
// be known.
float evaluate_bare(const QueryPlan& plan, const BarePhoto& photo,
                    std::span<const std::vector<bool>* const> someone,
                    std::span<const std::vector<bool>* const> paths);
// False where no photo without faces can fit, whatever its day and path.
bool may_hold_without_faces(const QueryPlan& plan);

}  // namespace facet::detail
