// SPDX-License-Identifier: Apache-2.0
// A shared layer made ready to run: vectors in, vectors out.
#pragma once

#include <memory>
#include <vector>

#include "describe/one_pass/shared_windows.hpp"
#include "network/convolution_primitive.hpp"
#include "network/layer_step.hpp"
#include "network/workspace.hpp"

namespace facet::detail {

// One bank of a layer, or a pooling layer.
class SharedStep {
 public:
  virtual ~SharedStep() = default;
  // Writes its own vectors and channels of the layer's output. A convolution reads values of the
  // type it was made for, pooling f32.
  virtual void execute(const void* values, float* outputs, Workspace& workspace) = 0;
};

// Where the layer's weights are, and who keeps them in the order of oneDNN's kernels.
struct SharedWeights {
  GivenWeights given;  // of all banks of the layer
  PreparedWeights& whole;
  PreparedWeights& by_rows;
  const float* zeros;  // the bias of a row of filters
};

// `map` is null unless the layer reads the regions' map; `source` is what convolutions read.
std::vector<std::unique_ptr<SharedStep>> make_shared_steps(const SharedLayer& shared,
                                                           const MapShape* map, ValueType source,
                                                           const SharedWeights& weights,
                                                           Workspace& workspace);

}  // namespace facet::detail
