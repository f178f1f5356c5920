// SPDX-License-Identifier: Apache-2.0
// oneDNN's convolution with bias and optional ReLU, on plain NHWC maps.
#pragma once

#include <map>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>
#include <vector>

#include "format/network_spec.hpp"
#include "network/map_shape.hpp"
#include "network/map_values.hpp"
#include "network/workspace.hpp"

namespace facet::detail {

// One bank of filters in the order a primitive wants, and its bias.
struct PreparedBank {
  dnnl::memory weight;
  dnnl::memory bias;
};

// Weights are stored as the source is; sums and the bias are f32. An f32 source has an f32
// destination.
struct ConvolutionTypes {
  ValueType source = ValueType::f32;
  ValueType destination = ValueType::f32;
};

class ConvolutionPrimitive {
 public:
  // For one bank of `layer` on an input of that shape; the maps must be as large as the kernel.
  ConvolutionPrimitive(const Layer& layer, const MapShape& input, ConvolutionTypes types,
                       Workspace& workspace);

  [[nodiscard]] const MapShape& output() const { return output_; }
  // `weight` is [out, in, kernel, kernel], `bias` [out]; the latter must outlive the result.
  [[nodiscard]] dnnl::memory prepare_weight(const float* weight, Workspace& workspace) const;
  [[nodiscard]] dnnl::memory prepare_bias(const float* bias, Workspace& workspace) const;
  // Equal for primitives that can share prepared weights.
  [[nodiscard]] const dnnl::memory::desc& weight_format() const { return weight_format_; }

  // A layer with `add` adds to what `output` holds.
  void execute(const void* input, const PreparedBank& bank, void* output, Workspace& workspace);

 private:
  Layer layer_;
  bool fully_connected_ = false;
  MapShape output_;
  dnnl::convolution_forward primitive_;
  dnnl::memory::desc weight_format_;
  dnnl::memory source_;
  dnnl::memory destination_;
  dnnl::memory scratchpad_;
};

// The prepared weights of a network: one copy for each layer, bank and format. Thread-safe. What
// `weight` and `bias` of a layer and bank hold must always be the same; `bias` must outlive this.
class PreparedWeights {
 public:
  PreparedBank get(const ConvolutionPrimitive& primitive, std::size_t layer, int bank,
                   const float* weight, const float* bias, Workspace& workspace);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::size_t, int>, std::vector<PreparedBank>> banks_;
};

}  // namespace facet::detail
