// One layer made ready for one input shape.
#pragma once

#include <cstddef>
#include <memory>

#include "network/convolution_primitive.hpp"
#include "network/map_shape.hpp"
#include "network/network.hpp"
#include "network/workspace.hpp"

namespace facet::detail {

class LayerStep {
 public:
  virtual ~LayerStep() = default;
  // NHWC to NHWC; `output` holds output().size() floats and does not overlap the input.
  virtual void execute(const float* input, float* output, Workspace& workspace) = 0;
  [[nodiscard]] const MapShape& output() const { return output_; }

 protected:
  explicit LayerStep(const MapShape& output) : output_(output) {}

 private:
  MapShape output_;
};

// Weights of the layer as the model gives them: banks one after another.
struct GivenWeights {
  std::size_t layer = 0;
  const float* weight = nullptr;
  const float* bias = nullptr;
};

// Throws Error(invalid_argument) where the layer cannot take the input.
std::unique_ptr<LayerStep> make_step(const Layer& layer, const MapShape& input,
                                     const GivenWeights& given, PreparedWeights& prepared,
                                     Workspace& workspace);

}  // namespace facet::detail
