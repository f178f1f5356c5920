// SPDX-License-Identifier: Apache-2.0
#include "localise/cell_geometry.hpp"

#include "facet/error.hpp"

namespace facet::detail {

CellGeometry cell_geometry(const NetworkSpec& spec, std::size_t last) {
  CellGeometry geometry;
  for (std::size_t i = 0; i <= last && i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.kind != LayerKind::convolution && layer.kind != LayerKind::max_pool) {
      throw Error(ErrorCode::bad_model, "layer " + layer.name +
                                            " is neither a convolution nor max pooling: " +
                                            "LNet must be fully convolutional");
    }
    const float shift =
        static_cast<float>(layer.kernel - 1) / 2.0F - static_cast<float>(layer.padding);
    geometry.centre += static_cast<float>(geometry.stride) * shift;
    geometry.field += geometry.stride * (layer.kernel - 1);
    geometry.stride *= layer.stride;
  }
  return geometry;
}

int map_side(const NetworkSpec& spec, std::size_t last, int input_side) {
  int side = input_side;
  for (std::size_t i = 0; i <= last && i < spec.layers.size(); ++i) {
    side = output_side(spec.layers[i], side);
  }
  return side;
}

}  // namespace facet::detail
