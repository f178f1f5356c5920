// SPDX-License-Identifier: Apache-2.0
// Runs a network of convolutions by the matrix unit of x86 processors (AMX).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "facet/image.hpp"
#include "network/amx/amx_convolution.hpp"
#include "network/network.hpp"
#include "network/network_impl.hpp"

namespace facet::detail {

// True where AMX can run every layer: convolutions, max pooling, several depths.
bool amx_can_run(const NetworkSpec& spec);

// The filters of all layers; none of pooling. Immutable, shared by any number of runners.
using AmxLayers = std::vector<std::optional<AmxFilters>>;

// Makes them where `shared`, which belongs to that network and number of planes, has none yet.
std::shared_ptr<const AmxLayers> amx_layers(const NetworkSpec& spec,
                                            std::span<const LayerWeights> weights, int planes,
                                            SharedAmxLayers& shared);

// Holds the maps of one run. Needs nothing that depends on the sizes of photos beyond memory: a
// new size costs no preparation. Not thread-safe.
class AmxRunner {
 public:
  // With two planes it computes as Arithmetic::bf16x3. `spec` must outlive it. Only where has_amx()
  // and amx_can_run().
  AmxRunner(const NetworkSpec& spec, std::shared_ptr<const AmxLayers> layers, int planes);

  // As NetworkRunner's; the photos are of one size and whole.
  void set_input(std::span<const Image> photos);
  void set_input(const FeatureMap& input);
  [[nodiscard]] const MapShape& input_shape() const { return input_.shape; }
  // The input as plain floats.
  [[nodiscard]] const float* input();

  // Runs layers [0, last] and writes the outputs of the last and of those asked for. Throws
  // Error(invalid_argument) where a map is too small for a layer.
  void run(std::size_t last, const std::vector<bool>& asked_for, std::vector<FeatureMap>& outputs);

 private:
  void start_input(const MapShape& shape, int planes);
  void run_layer(std::size_t index, FeatureMap* output);
  // Of a layer of kind depths; `before` is what the layer before it yields.
  void join_depths(std::size_t index, const FeatureMap& before, FeatureMap& output);
  // Layers that do not only fill their map: see feeds_depths().
  [[nodiscard]] bool yields_floats(std::size_t index) const;
  Bf16Map& start_map(std::size_t index, const MapShape& shape);
  [[nodiscard]] MapShape output_shape(std::size_t index) const;

  const NetworkSpec* spec_;
  std::shared_ptr<const AmxLayers> layers_;
  int planes_;
  int photo_planes_;                // one where it holds their bytes exactly
  std::vector<std::size_t> added_;  // the layer that each adds, no_shortcut where it adds none
  std::vector<std::vector<std::size_t>> depths_;  // the layers that each averages
  Bf16Map input_;
  std::vector<Bf16Map> maps_;           // of each layer
  std::vector<std::size_t> memory_of_;  // of each map, which of …
  std::vector<AlignedBuffer> memory_;   // … shared by maps that are not read at the same time
  std::vector<float> plain_input_;
};

}  // namespace facet::detail
