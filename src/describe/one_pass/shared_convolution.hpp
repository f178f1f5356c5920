// SPDX-License-Identifier: Apache-2.0
// A shared layer made ready to run: vectors in, vectors out.
#pragma once

#include <memory>
#include <vector>

#include "describe/one_pass/shared_windows.hpp"
#include "network/convolution_primitive.hpp"
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

// The weights of all banks of layer number `index`, as the model gives them.
struct LayerBanks {
  std::size_t index = 0;
  const float* weight = nullptr;
  const float* bias = nullptr;
};

// Weights brought into the order of oneDNN's kernels, kept for all plans of a runner.
struct SharedWeights {
  explicit SharedWeights(const NetworkSpec& spec);

  PreparedWeights whole;     // a bank at a time
  PreparedWeights by_rows;   // a row of a bank's filters at a time
  std::vector<float> zeros;  // the bias of such a row
};

// `map` is null unless the layer reads the regions' map; `source` is what convolutions read.
std::vector<std::unique_ptr<SharedStep>> make_shared_steps(const SharedLayer& shared,
                                                           const MapShape* map, ValueType source,
                                                           const LayerBanks& given,
                                                           SharedWeights& weights,
                                                           Workspace& workspace);

}  // namespace facet::detail
