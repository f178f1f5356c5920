// SPDX-License-Identifier: Apache-2.0
// Runs a network on all overlapping patches of regions in one pass (paper 3.2, "interweaved
// operation"): each value that patches have in common is computed once. How they are found:
// shared_windows.hpp; how they are computed: convolution_way.hpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "describe/one_pass/patch_grid.hpp"
#include "facet/image.hpp"
#include "network/network.hpp"

namespace facet::detail {

// Holds the plans for the sizes and grids it has seen, and scratch memory; one runner a thread
// (not thread-safe), any number of runners a network.
class OnePassRunner {
 public:
  // As NetworkRunner, which runs the first layers.
  explicit OnePassRunner(const Network& network, Precision precision = Precision::fp32);
  ~OnePassRunner();
  OnePassRunner(OnePassRunner&&) noexcept;

  // The regions, all of one size, as NetworkRunner takes photos and maps.
  void set_input(std::span<const Image> regions);
  void set_input(const FeatureMap& regions);

  // What NetworkRunner::run(last) yields for the patches, region after region, in the grid's order:
  // equal but for the order in which sums are added up, and, at bf16, but for rounding. Valid until
  // the next call. Throws Error(invalid_argument), saying why, where a layer is padded, reads
  // several depths or adds another's map behind the first locally shared or fully connected one, or
  // where an offset is negative, reaches over the region's border or is no multiple of the total
  // stride of the layers before that one.
  const FeatureMap& run(const PatchGrid& grid, std::size_t last);

  // A layer's biases as they were given, bank after bank; empty for pooling. Beside
  // Network::weights(), for those who follow a value through a layer.
  static std::span<const float> biases(const Network& network, std::size_t layer);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
