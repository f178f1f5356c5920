// SPDX-License-Identifier: Apache-2.0
// Runs a network on oneDNN: the forward pass of LNet and ANet.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "facet/precision.hpp"
#include "format/network_spec.hpp"
#include "format/safetensors.hpp"
#include "network/arithmetic.hpp"

namespace facet::detail {

// A batch of feature maps, NHWC: values[((n * height + y) * width + x) * channels + c].
struct FeatureMap {
  int count = 0;
  int height = 0;
  int width = 0;
  int channels = 0;
  std::vector<float> values;

  void resize(int n, int h, int w, int c);  // contents undefined afterwards
  [[nodiscard]] const float* at(int n, int y, int x) const {
    return values.data() + ((static_cast<std::size_t>(n) * static_cast<std::size_t>(height) +
                             static_cast<std::size_t>(y)) *
                                static_cast<std::size_t>(width) +
                            static_cast<std::size_t>(x)) *
                               static_cast<std::size_t>(channels);
  }
};

// Rows of a batch's maps that were just made: row 0 of image 0 of `values` is row `first_row` of
// image `first_image`. Valid only while it is handed over.
struct MapRows {
  const FeatureMap& values;
  int first_image = 0;
  int first_row = 0;
};
using RowSink = std::function<void(const MapRows&)>;

// Weights of one network, immutable, shared by any number of runners.
class Network {
 public:
  // Throws Error(bad_model) where a layer's tensors are missing or have other shapes.
  Network(NetworkSpec spec, WeightMap weights);
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  [[nodiscard]] const NetworkSpec& spec() const;
  // Index of the layer of that name; throws Error(bad_model) where there is none.
  [[nodiscard]] std::size_t layer_index(const std::string& name) const;
  // Weights of a layer as they were given: outputs × inputs × kernel × kernel; empty for pooling.
  [[nodiscard]] std::span<const float> weights(std::size_t layer) const;
  // SHA-256, in hex, over the list of layers and their weights; computed at every call.
  [[nodiscard]] std::string checksum() const;

 private:
  friend class NetworkRunner;
  friend class OnePassRunner;
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

// Executes a network. Holds the primitives for the shapes it has seen and the scratch memory;
// one runner a thread (not thread-safe), any number of runners a network.
// At bf16 the maps between layers are rounded to it; what goes in and comes out is f32. Networks of
// convolutions, max pooling and depths run on AMX where bf16 or bf16x3 is asked for and the
// processor has it, all others on oneDNN.
class NetworkRunner {
 public:
  // Throws Error(unsupported) where the processor has no such precision. Where AMX cannot run the
  // network, bf16x3 is fp32.
  NetworkRunner(const Network& network, Arithmetic arithmetic);
  // As ANet runs at that precision.
  explicit NetworkRunner(const Network& network, Precision precision = Precision::fp32);
  ~NetworkRunner();
  NetworkRunner(NetworkRunner&&) noexcept;

  // The photos (all of one size) as the network's normalised input. NHWC, 3 channels.
  void set_input(std::span<const Image> photos);
  // Any input map, already normalised (tests, one-pass evaluation).
  void set_input(const FeatureMap& input);
  // The normalised input, NHWC; null before the first set_input.
  [[nodiscard]] const float* input() const;

  // Runs layers [0, last] and returns the output of layer `last`. Valid until the next call.
  // Throws Error(invalid_argument) where a map is too small for a layer.
  const FeatureMap& run(std::size_t last);
  // Runs layers [0, last] on photos (all of one size) and hands over the output of layer `last`, on
  // AMX a few rows or images at a time as they are made, with the same values: what lies between
  // stays in the caches. There is no input and no output afterwards.
  void run(std::span<const Image> photos, std::size_t last, const RowSink& sink);
  // Output of an earlier layer of the last run; only of layers asked for with keep().
  const FeatureMap& output(std::size_t layer) const;
  void keep(std::size_t layer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
