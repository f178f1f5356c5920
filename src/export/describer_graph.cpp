// SPDX-License-Identifier: Apache-2.0
#include "export/describer_graph.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "export/network_graph.hpp"
#include "export/network_layers.hpp"
#include "export/onnx_graph.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr const char* kNetwork = "anet";
constexpr std::int64_t kHeightAxis = 2;
constexpr std::int64_t kWidthAxis = 3;

[[noreturn]] void refuse(ErrorCode code, const std::string& reason) {
  throw Error(code, "network anet with its heads as ONNX: " + reason);
}

// Outputs keep the heads' names, so nothing else in the graph may have them.
void check_names(const NetworkSpec& spec, std::span<const Head> heads) {
  std::set<std::string> names = {onnx_input_name, onnx_features_name};
  for (const Layer& layer : spec.layers) names.insert(layer.name);
  for (const Head& head : heads) {
    if (head.name.find('/') != std::string::npos || !names.insert(head.name).second) {
      refuse(ErrorCode::unsupported,
             "a head cannot be called " + head.name + ": another value of the graph is");
    }
  }
}

class DescriberGraph {
 public:
  DescriberGraph(const NetworkPart& anet, const PatchSettings& patches, std::span<const Head> heads,
                 const DescriberRequest& request)
      : anet_(anet), patches_(patches), heads_(heads), request_(request), graph_(kNetwork) {}

  std::string build() {
    check_names(anet_.spec, heads_);
    const std::int64_t side = patches_.region_side;
    graph_.add_input(onnx_input_name, {batch(), std::int64_t{3}, side, side});
    const std::string patches = add_patches(add_normalisation(graph_, anet_.spec, onnx_input_name));
    const std::vector<std::string> layers = feature_layers();
    std::size_t last = 0;
    for (const std::string& layer : layers) {
      last = std::max(last, layer_place(kNetwork, anet_.spec, layer));
    }
    add_layers(graph_, kNetwork, anet_, patches, patches_.patch_side, last);
    for (const std::string& layer : layers) {
      add_mean(layer, layer == layers.front() ? onnx_features_name : layer + "/mean");
    }
    const Features& main = features_.at(layers.front());
    graph_.add_output(main.name, {batch(), std::int64_t{main.size}});
    for (const Head& head : heads_) add_head(head);
    return graph_.model(request_.metadata);
  }

 private:
  struct Features {
    std::string name;  // of the value N×size
    int size = 0;
  };

  [[nodiscard]] OnnxSide batch() const {
    if (request_.batch > 0) return std::int64_t{request_.batch};
    return "batch";
  }
  [[nodiscard]] std::int64_t patch_count() const {
    const auto offsets = static_cast<std::int64_t>(patches_.offsets.size());
    return offsets * offsets * (patches_.mirrored ? 2 : 1);
  }

  // Those that heads read, each once; the last layer where there are no heads.
  [[nodiscard]] std::vector<std::string> feature_layers() const {
    std::vector<std::string> layers;
    for (const Head& head : heads_) {
      if (std::find(layers.begin(), layers.end(), head.feature_layer) == layers.end()) {
        layers.push_back(head.feature_layer);
      }
    }
    if (layers.empty()) layers.push_back(anet_.spec.layers.back().name);
    return layers;
  }

  // Left and right exchanged by a 1×1 convolution over the columns: the one way that every engine
  // knows, OpenCV's DNN module among them.
  std::string add_mirrored(const std::string& region) {
    const auto side = static_cast<std::size_t>(patches_.region_side);
    std::vector<float> exchange(side * side, 0.0F);
    for (std::size_t i = 0; i < side; ++i) exchange[i * side + (side - 1 - i)] = 1;
    const std::int64_t columns = patches_.region_side;
    const OnnxAttribute swapped{"perm", {0, 3, 2, 1}};
    const std::string turned = graph_.add_node("Transpose", {region}, "region/columns", {swapped});
    const std::string exchanged = graph_.add_node(
        "Conv", {turned, graph_.add_floats("region/exchange", {columns, columns, 1, 1}, exchange)},
        "region/exchanged", {{"kernel_shape", {1, 1}}});
    return graph_.add_node("Transpose", {exchanged}, "region/mirrored", {swapped});
  }

  std::string add_patch(const std::string& region, int top, int left, std::size_t number) {
    const std::string name = "patch/" + std::to_string(number);
    const std::int64_t side = patches_.patch_side;
    return graph_.add_node("Slice",
                           {region, graph_.add_integers(name + "/starts", {top, left}),
                            graph_.add_integers(name + "/ends", {top + side, left + side}),
                            graph_.add_integers(name + "/axes", {kHeightAxis, kWidthAxis})},
                           name);
  }

  // Patches×N maps, all faces' first patches first, in the order of cut_patches(). A single patch
  // that is the whole region is taken as it is.
  std::string add_patches(const std::string& region) {
    if (patch_count() == 1 && patches_.patch_side == patches_.region_side) return region;
    std::vector<std::string> sources = {region};
    if (patches_.mirrored) sources.push_back(add_mirrored(region));
    std::vector<std::string> patches;
    for (const std::string& source : sources) {
      for (const int top : patches_.offsets) {
        for (const int left : patches_.offsets) {
          patches.push_back(add_patch(source, top, left, patches.size()));
        }
      }
    }
    if (patches.size() == 1) return patches[0];
    return graph_.add_node("Concat", patches, "patches", {{"axis", {0}, false}});
  }

  // The layer's values as rows in the order of FeatureMap: N×(height, width, channels).
  void add_mean(const std::string& layer, const std::string& name) {
    int side = patches_.patch_side;
    const std::size_t last = layer_place(kNetwork, anet_.spec, layer);
    for (std::size_t i = 0; i <= last; ++i) side = output_side(anet_.spec.layers[i], side);
    const int size = side * side * anet_.spec.layers[last].channels();
    std::string map = layer;
    if (side > 1) {
      map = graph_.add_node("Transpose", {map}, layer + "/rows", {{"perm", {0, 2, 3, 1}}});
    }
    const OnnxAttribute from_one{"axis", {1}, false};
    const bool single = patch_count() == 1;
    std::string flat =
        graph_.add_node("Flatten", {map}, single ? name : layer + "/flat", {from_one});
    if (!single) {
      const std::int64_t faces = request_.batch > 0 ? request_.batch : -1;
      const std::string shape =
          graph_.add_integers(layer + "/by_patch/shape", {patch_count(), faces, size});
      const std::string by_patch = graph_.add_node("Reshape", {flat, shape}, layer + "/by_patch");
      graph_.add_node("ReduceMean", {by_patch}, name, {{"axes", {0}}, {"keepdims", {0}, false}});
    }
    features_[layer] = {name, size};
  }

  // weight · features + bias, then the logistic calibration, both in one matrix.
  void add_head(const Head& head) {
    const Features& features = features_.at(head.feature_layer);
    const auto size = static_cast<std::size_t>(features.size);
    const std::size_t attributes = head.attributes.size();
    if (head.weight.size() != attributes * size || head.bias.size() != attributes ||
        head.calibration_a.size() != attributes || head.calibration_b.size() != attributes) {
      refuse(ErrorCode::bad_model,
             "head " + head.name + " does not fit " + std::to_string(size) + " features");
    }
    std::vector<float> weight(head.weight.size());
    std::vector<float> bias(attributes);
    for (std::size_t j = 0; j < attributes; ++j) {
      const double a = head.calibration_a[j];
      for (std::size_t i = 0; i < size; ++i) {
        weight[j * size + i] = static_cast<float>(a * head.weight[j * size + i]);
      }
      bias[j] = static_cast<float>(a * head.bias[j] + head.calibration_b[j]);
    }
    const auto rows = static_cast<std::int64_t>(attributes);
    const std::string logits = graph_.add_node(
        "Gemm",
        {features.name,
         graph_.add_floats(head.name + "/weight", {rows, std::int64_t{features.size}}, weight),
         graph_.add_floats(head.name + "/bias", {rows}, bias)},
        head.name + "/logits", {{"transB", {1}, false}});
    graph_.add_node("Sigmoid", {logits}, head.name);
    graph_.add_output(head.name, {batch(), rows});
  }

  const NetworkPart& anet_;
  const PatchSettings& patches_;
  std::span<const Head> heads_;
  const DescriberRequest& request_;
  OnnxGraph graph_;
  std::map<std::string, Features> features_;  // by layer
};

}  // namespace

std::string describer_to_onnx(const NetworkPart& anet, const PatchSettings& patches,
                              std::span<const Head> heads, const DescriberRequest& request) {
  return DescriberGraph(anet, patches, heads, request).build();
}

}  // namespace facet::detail
