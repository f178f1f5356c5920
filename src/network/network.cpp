// SPDX-License-Identifier: Apache-2.0
#include "network/network.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "facet/error.hpp"
#include "network/network_impl.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void reject(const Layer& layer, const std::string& reason) {
  throw Error(ErrorCode::bad_model, "layer " + layer.name + ": " + reason);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

void check_local_layer(const Layer& layer) {
  if (layer.kind != LayerKind::local_tiled && layer.kind != LayerKind::local_stacked) return;
  const int least = layer.kind == LayerKind::local_tiled ? 1 : 2;
  if (layer.cells < least) reject(layer, "cells is " + std::to_string(layer.cells));
  if (layer.stride != 1 || layer.padding != 0) {
    reject(layer, "a local layer has stride 1 and no padding");
  }
}

void check_sizes(const Layer& layer) {
  if (layer.kind == LayerKind::depths) return;  // no kernel; reference_fault() adds up its channels
  if (layer.in_channels < 1 || layer.out_channels < 1) reject(layer, "has no channels");
  if (layer.kernel < 1) reject(layer, "kernel is " + std::to_string(layer.kernel));
  if (layer.stride < 1) reject(layer, "stride is " + std::to_string(layer.stride));
  if (layer.padding < 0 || layer.padding >= layer.kernel) {
    // A window that lies in the padding alone has no maximum, and no use in a convolution.
    reject(layer, "padding " + std::to_string(layer.padding) + " does not fit kernel " +
                      std::to_string(layer.kernel));
  }
  if (layer.kind == LayerKind::average_pool && layer.padding != 0) {
    reject(layer, "average pooling has no padding");
  }
  if (layer.is_pool()) {
    if (layer.in_channels != layer.out_channels) reject(layer, "pooling keeps its channels");
    if (layer.relu) reject(layer, "pooling has no relu");
  }
  check_local_layer(layer);
}

// Tensor `name`, whose shape must be `shape`.
WeightTensor take_tensor(WeightMap& weights, const Layer& layer, const std::string& name,
                         const std::vector<std::int64_t>& shape) {
  const auto found = weights.find(name);
  if (found == weights.end()) reject(layer, "tensor " + name + " is missing");
  WeightTensor& tensor = found->second;
  if (tensor.shape != shape) {
    reject(layer, "tensor " + name + " has shape " + shape_text(tensor.shape) + ", expected " +
                      shape_text(shape));
  }
  std::size_t expected = 1;
  for (const std::int64_t size : shape) expected *= static_cast<std::size_t>(size);
  const std::size_t size = std::max(tensor.values.size(), tensor.halves.bytes.size() / 2);
  if (size != expected) {
    reject(layer, "tensor " + name + " holds " + std::to_string(size) + " values, expected " +
                      std::to_string(expected));
  }
  return std::move(tensor);
}

LayerWeights take_weights(const Layer& layer, WeightMap& weights) {
  if (!layer.has_weights()) return {};
  std::vector<std::int64_t> weight_shape = {layer.out_channels, layer.in_channels, layer.kernel,
                                            layer.kernel};
  std::vector<std::int64_t> bias_shape = {layer.out_channels};
  if (layer.kind != LayerKind::convolution) {
    weight_shape.insert(weight_shape.begin(), layer.banks());
    bias_shape.insert(bias_shape.begin(), layer.banks());
  }
  WeightTensor weight = take_tensor(weights, layer, layer.name + ".weight", weight_shape);
  const WeightTensor bias = take_tensor(weights, layer, layer.name + ".bias", bias_shape);
  if (weight.halves.owner != nullptr) {
    return {WeightValues(std::move(weight.halves)), values_of(bias)};
  }
  return {WeightValues(std::move(weight.values)), values_of(bias)};
}

}  // namespace

void FeatureMap::resize(int n, int h, int w, int c) {
  count = n;
  height = h;
  width = w;
  channels = c;
  values.resize(static_cast<std::size_t>(n) * static_cast<std::size_t>(h) *
                static_cast<std::size_t>(w) * static_cast<std::size_t>(c));
}

Network::Network(NetworkSpec spec, WeightMap weights) {
  auto impl = std::make_shared<Impl>();
  impl->spec = std::move(spec);
  if (impl->spec.layers.empty()) throw Error(ErrorCode::bad_model, "network has no layers");
  std::set<std::string> names;
  int channels = impl->spec.layers.front().in_channels;
  for (const Layer& layer : impl->spec.layers) {
    if (!names.insert(layer.name).second) reject(layer, "the name occurs twice");
    check_sizes(layer);
    const std::string fault =
        reference_fault(layer, std::span(impl->spec.layers).first(impl->weights.size()));
    if (!fault.empty()) reject(layer, fault);
    if (layer.in_channels != channels) {
      reject(layer, "takes " + std::to_string(layer.in_channels) + " channels, but receives " +
                        std::to_string(channels));
    }
    impl->weights.push_back(take_weights(layer, weights));
    channels = layer.channels();
  }
  int longest_row = 0;
  for (const Layer& layer : impl->spec.layers) {
    longest_row = std::max(longest_row, layer.kernel * layer.out_channels);
  }
  impl->zeros.resize(static_cast<std::size_t>(longest_row));
  impl_ = std::move(impl);
}

Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

const NetworkSpec& Network::spec() const {
  return impl_->spec;
}

std::span<const float> Network::weights(std::size_t layer) const {
  return impl_->weights.at(layer).weight.floats();
}

std::size_t Network::layer_index(const std::string& name) const {
  const std::vector<Layer>& layers = impl_->spec.layers;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].name == name) return i;
  }
  throw Error(ErrorCode::bad_model, "network has no layer " + name);
}

}  // namespace facet::detail
