// SPDX-License-Identifier: Apache-2.0
#include "stages/stage_network.hpp"

#include "facet/error.hpp"
#include "recipe/face_crop.hpp"

namespace facet::detail {

NetworkPart read_stage_network(const std::filesystem::path& out, const std::string& stage) {
  const auto path = out / stage / "network.safetensors";
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::not_found,
                path.string() + ": does not exist; train stage '" + stage + "' first");
  }
  SafetensorsFile file = read_safetensors(path);
  const auto json = nlohmann::json::parse(file.metadata["spec"], nullptr, false);
  if (json.is_discarded()) throw Error(ErrorCode::bad_model, path.string() + ": holds no network");
  return {network_spec_from_json(json), std::move(file.tensors)};
}

void add_stage_aligner(LoadedModel& model, const StageContext& context, TableReader& reader) {
  const auto stage = reader.get<std::string>("aligner", "");
  AlignmentSettings& settings = model.parts.alignment;
  settings.looks = reader.get("looks", settings.looks);
  if (stage.empty()) return;
  TableReader trained = context.recipe->stage(stage).settings();
  const AlignerView view = read_aligner_view(trained);
  settings.side = view.side;
  settings.context = view.context;
  model.networks["aligner"] = read_stage_network(context.out, stage);
  model.parts.provenance["stages"]["aligner"] = stage;
}

}  // namespace facet::detail
