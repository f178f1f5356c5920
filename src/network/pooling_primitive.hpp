// SPDX-License-Identifier: Apache-2.0
// oneDNN's max and average pooling on plain NHWC maps.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include "format/network_spec.hpp"
#include "network/map_shape.hpp"
#include "network/map_values.hpp"
#include "network/workspace.hpp"

namespace facet::detail {

class PoolingPrimitive {
 public:
  PoolingPrimitive(const Layer& layer, const MapShape& input, const MapShape& output,
                   ValueType type, Workspace& workspace);

  void execute(const void* input, void* output, Workspace& workspace);

 private:
  dnnl::pooling_forward primitive_;
  dnnl::memory source_;
  dnnl::memory destination_;
  dnnl::memory scratchpad_;
};

}  // namespace facet::detail
