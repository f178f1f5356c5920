// SPDX-License-Identifier: Apache-2.0
#include "export/export_model.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "base/new_folder.hpp"
#include "base/output_guard.hpp"
#include "export/describer_graph.hpp"
#include "export/export_metadata.hpp"
#include "export/network_graph.hpp"
#include "facet/error.hpp"
#include "heads/taught_head_match.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

constexpr int kLeastPhotoSide = 32;
constexpr int kMostPhotoSide = 4096;

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

// The model's, then those of the files.
std::vector<Head> all_heads(const ModelParts& parts,
                            const std::vector<std::filesystem::path>& files) {
  std::vector<Head> heads;
  for (const auto& [name, head] : parts.heads) heads.push_back(head);
  const std::string checksum = files.empty() ? "" : describer_checksum(parts);
  for (const std::filesystem::path& file : files) {
    const TaughtHead extra = TaughtHead::load(file);
    try {
      check_fit(extra, parts, checksum);
    } catch (const Error& error) {
      throw Error(error.code(), file.string() + ": " + error.what());
    }
    heads.push_back(to_head(extra));
  }
  return heads;
}

class Export {
 public:
  Export(const LoadedModel& model, const ExportOptions& options)
      : model_(model), options_(options) {
    if (options.photo_side < kLeastPhotoSide || options.photo_side > kMostPhotoSide) {
      throw Error(
          ErrorCode::invalid_argument,
          "a photo's side of " + std::to_string(options.photo_side) + " pixels is not in 32…4096");
    }
    if (options.bare && !options.extra_heads.empty()) {
      throw Error(ErrorCode::invalid_argument, "a bare network has no room for further heads");
    }
    if (!options.bare && model.networks.contains("anet")) {
      heads_ = all_heads(model.parts, options.extra_heads);
    }
  }

  // One network; for one image of one size where `fixed`.
  [[nodiscard]] std::string bytes(const std::string& network, bool fixed) const {
    const NetworkPart& part = model_.networks.at(network);
    const ModelParts& parts = model_.parts;
    const int batch = fixed ? 1 : 0;
    const auto metadata = export_metadata(network, parts, part.spec, heads_);
    if (network == "anet" && !options_.bare) {
      return describer_to_onnx(part, parts.patches, heads_, {batch, metadata});
    }
    OnnxRequest request{network, {}, 0, batch, metadata};
    if (network == "anet") {
      request.input_side = parts.patches.patch_side;
      request.outputs = feature_layers(parts, part.spec);
    } else if (network == "aligner") {
      request.input_side = parts.alignment.side;
      request.outputs = {part.spec.layers.back().name};
    } else {
      if (fixed) {
        request.input_side =
            network == "lnet_s" ? parts.localiser.refine_side : options_.photo_side;
      }
      request.outputs = {parts.evidence_layer};
    }
    return network_to_onnx(part, request);
  }

 private:
  const LoadedModel& model_;
  const ExportOptions& options_;
  std::vector<Head> heads_;
};

}  // namespace

std::vector<std::filesystem::path> export_onnx(const std::filesystem::path& model,
                                               const std::filesystem::path& folder,
                                               const ExportOptions& options) {
  OutputGuard guard(options.overwrite);
  guard.protect(model);
  for (const std::filesystem::path& input : options.extra_heads) guard.protect(input);
  const LoadedModel loaded = read_model(model);
  const Export networks(loaded, options);
  std::vector<std::string> contents;
  for (const auto& [name, part] : loaded.networks) {
    for (const bool fixed : {false, true}) contents.push_back(networks.bytes(name, fixed));
  }
  create_folder(folder);
  std::vector<std::filesystem::path> files;
  std::vector<OutputTarget> targets;
  for (const auto& [name, part] : loaded.networks) {
    for (const char* ending : {".onnx", ".fixed.onnx"}) {
      files.push_back(folder / (name + ending));
      targets.push_back(guard.claim(files.back(), FileKind::result));
    }
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    AtomicFile file(targets[i]);
    file.write(contents[i]);
    file.commit();
  }
  return files;
}

}  // namespace facet::detail
