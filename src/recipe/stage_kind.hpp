// SPDX-License-Identifier: Apache-2.0
// The kinds of stages that a recipe may have: the one table of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace facet::detail {

enum class StageKind {
  packs,                 // collections, packed for training
  objects,               // pre-training of LNet on object categories
  lnet,                  // LNet_o or LNet_s on tags
  localiser,             // LNet complete: box numbers and threshold fitted
  find_faces,            // LNet's windows on packed photos or, with an aligner, poses
  alignment,             // the aligner on photos shown shifted and turned
  identities,            // pre-training of ANet on people
  imitation,             // pre-training of ANet on a teacher's features
  teacher,               // heads on a public network: what it says about packed photos
  anet,                  // ANet on tags
  distillation_targets,  // what a model says about packed photos
  heads,                 // everything together: an SVM an attribute
  face_check,            // a head that doubts what LNet found
};

// Who runs a stage: the training companion, which has libtorch, or `facet train` itself, which has
// the inference library.
enum class StageRunner { training, inference };

struct StageKindTraits {
  StageKind kind;
  std::string_view name;  // as recipes spell it
  StageRunner runner;
  // A rehearsal gives each table of this list at most so many photos; empty: it has none.
  std::string_view rehearsed_list;
  std::int64_t rehearsed_photos;
};

// In the order of the enumeration.
std::span<const StageKindTraits> stage_kinds();
const StageKindTraits& traits(StageKind kind);

// Nothing where there is no such kind.
std::optional<StageKind> stage_kind_named(std::string_view name);
// What to say then: the kinds that there are, or what a kind of earlier recipes is called now.
std::string unknown_stage_kind(std::string_view name);

}  // namespace facet::detail
