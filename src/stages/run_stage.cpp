// SPDX-License-Identifier: Apache-2.0
#include "facet/error.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {

std::filesystem::path new_result(const StageContext& context, const Stage& stage,
                                 const std::string& file) {
  const auto folder = context.out / stage.name;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::remove(folder / file, error);
  if (error) throw Error(ErrorCode::io, (folder / file).string() + ": " + error.message());
  return folder / file;
}

void run_inference_stage(const Stage& stage, const StageContext& context) {
  switch (stage.kind) {
    case StageKind::packs:
      return run_packs_stage(stage, context);
    case StageKind::localiser:
      return run_localiser_stage(stage, context);
    case StageKind::find_faces:
      return run_find_faces_stage(stage, context);
    case StageKind::distillation_targets:
      return run_distillation_targets_stage(stage, context);
    case StageKind::heads:
      return run_heads_stage(stage, context);
    case StageKind::face_check:
      return run_face_check_stage(stage, context);
    case StageKind::objects:
    case StageKind::lnet:
    case StageKind::alignment:
    case StageKind::identities:
    case StageKind::imitation:
    case StageKind::teacher:
    case StageKind::anet:
      break;
  }
  throw Error(ErrorCode::invalid_argument, stage.where + ": stages of kind '" +
                                               std::string(traits(stage.kind).name) +
                                               "' are run by facet-train");
}

}  // namespace facet::detail
