// SPDX-License-Identifier: Apache-2.0
#include "export/export_model.hpp"

#include <algorithm>
#include <span>
#include <system_error>

#include "base/output_guard.hpp"
#include "export/network_graph.hpp"
#include "facet/error.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

// The layers that heads read; the last one where there are no heads.
std::vector<std::string> feature_layers(const ModelParts& parts, const NetworkSpec& anet) {
  std::vector<std::string> layers;
  for (const auto& [name, head] : parts.heads) {
    if (std::find(layers.begin(), layers.end(), head.feature_layer) == layers.end()) {
      layers.push_back(head.feature_layer);
    }
  }
  if (layers.empty()) layers.push_back(anet.layers.back().name);
  return layers;
}

OnnxRequest request_for(const std::string& network, const ModelParts& parts,
                        const NetworkSpec& spec) {
  OnnxRequest request;
  request.name = network;
  request.metadata = {{"model", parts.name},      {"version", parts.version},
                      {"licence", parts.licence}, {"checksum", parts.checksum},
                      {"network", network},       {"input", "RGB 0…255, normalised by the graph"}};
  if (network == "anet") {
    request.input_side = parts.patches.patch_side;
    request.outputs = feature_layers(parts, spec);
  } else if (network == "aligner") {
    request.input_side = parts.alignment.side;
    request.outputs = {spec.layers.back().name};
  } else {
    request.outputs = {parts.evidence_layer};
  }
  return request;
}

}  // namespace

std::vector<std::filesystem::path> export_onnx(const std::filesystem::path& model,
                                               const std::filesystem::path& folder,
                                               bool overwrite) {
  OutputGuard guard(overwrite);
  guard.protect(model);
  const LoadedModel loaded = read_model(model);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ErrorCode::io, folder.string() + ": cannot create folder: " + error.message());
  }
  std::vector<std::filesystem::path> files;
  std::vector<OutputTarget> targets;
  for (const auto& [name, part] : loaded.networks) {
    files.push_back(folder / (name + ".onnx"));
    targets.push_back(guard.claim(files.back(), FileKind::result));
  }
  std::size_t next = 0;
  for (const auto& [name, part] : loaded.networks) {
    const std::string bytes =
        network_to_onnx(part.spec, part.weights, request_for(name, loaded.parts, part.spec));
    AtomicFile file(targets[next++]);
    file.write(bytes);
    file.commit();
  }
  return files;
}

}  // namespace facet::detail
