// SPDX-License-Identifier: Apache-2.0
#include "recipe/stage_kind.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace facet::detail {
namespace {

constexpr std::int64_t kPackPhotos = 1500;  // spread over the collection
constexpr std::int64_t kFacePhotos = 120;
constexpr std::int64_t kHeadPhotos = 240;

constexpr auto kInference = StageRunner::inference;
constexpr auto kTraining = StageRunner::training;

constexpr std::array<StageKindTraits, 13> kKinds = {{
    {StageKind::packs, "packs", kInference, "packs", kPackPhotos},
    {StageKind::objects, "objects", kTraining, "", 0},
    {StageKind::lnet, "lnet", kTraining, "", 0},
    {StageKind::localiser, "localiser", kInference, "", 0},
    {StageKind::find_faces, "find_faces", kInference, "packs", kFacePhotos},
    {StageKind::alignment, "alignment", kTraining, "", 0},
    {StageKind::identities, "identities", kTraining, "", 0},
    {StageKind::imitation, "imitation", kTraining, "", 0},
    {StageKind::teacher, "teacher", kTraining, "faces", kFacePhotos},
    {StageKind::anet, "anet", kTraining, "", 0},
    {StageKind::distillation_targets, "distillation_targets", kInference, "packs", kFacePhotos},
    {StageKind::heads, "heads", kInference, "heads", kHeadPhotos},
    {StageKind::face_check, "face_check", kInference, "packs", kFacePhotos},
}};

// Until version 0.1.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kFormerNames = {{
    {"windows", "find_faces"},
    {"answers", "distillation_targets"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
  }
  return true;
}
static_assert(in_order(), "traits() finds a kind by its number");

}  // namespace

std::span<const StageKindTraits> stage_kinds() {
  return kKinds;
}

const StageKindTraits& traits(StageKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

std::optional<StageKind> stage_kind_named(std::string_view name) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [name](const auto& known) { return known.name == name; });
  if (found == kKinds.end()) return std::nullopt;
  return found->kind;
}

std::string unknown_stage_kind(std::string_view name) {
  for (const auto& [former, now] : kFormerNames) {
    if (name == former) {
      return "stages of kind '" + std::string(name) + "' are of kind '" + std::string(now) +
             "' since version 0.2";
    }
  }
  std::string message = "there is no stage kind '" + std::string(name) + "', only ";
  for (const auto& known : kKinds) {
    if (&known != kKinds.data()) message += ", ";
    message += known.name;
  }
  return message;
}

}  // namespace facet::detail
