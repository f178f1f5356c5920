// SPDX-License-Identifier: Apache-2.0
// One layer made ready for one input shape.
#pragma once

#include <cstddef>
#include <memory>

#include "network/convolution_primitive.hpp"
#include "network/map_shape.hpp"
#include "network/map_values.hpp"
#include "network/network.hpp"
#include "network/workspace.hpp"

namespace facet::detail {

class LayerStep {
 public:
  virtual ~LayerStep() = default;
  // NHWC to NHWC; `output` holds output().size() values and does not overlap the input.
  virtual void execute(const void* input, void* output, Workspace& workspace) = 0;
  [[nodiscard]] const MapShape& output() const { return output_; }
  [[nodiscard]] ValueType output_type() const { return output_type_; }

 protected:
  LayerStep(const MapShape& output, ValueType output_type)
      : output_(output), output_type_(output_type) {}

 private:
  MapShape output_;
  ValueType output_type_;
};

// Weights of the layer as the model gives them: banks one after another.
struct GivenWeights {
  std::size_t layer = 0;
  const float* weight = nullptr;
  const float* bias = nullptr;
};

// Pooling yields values of the source's type whatever `types` says. Throws Error(invalid_argument)
// where the layer cannot take the input.
std::unique_ptr<LayerStep> make_step(const Layer& layer, const MapShape& input,
                                     ConvolutionTypes types, const GivenWeights& given,
                                     PreparedWeights& prepared, Workspace& workspace);

}  // namespace facet::detail
