// SPDX-License-Identifier: Apache-2.0
// LNet_o or LNet_s, ready to look at photos.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "localise/cell_geometry.hpp"
#include "localise/cell_value.hpp"
#include "localise/image_halvings.hpp"
#include "localise/pyramid.hpp"
#include "localise/scale_map.hpp"
#include "network/network.hpp"

namespace facet::detail {

// One photo's map, row-major.
struct CellMap {
  int height = 0;
  int width = 0;
  std::vector<float> values;
};

// Not thread-safe.
class LNet {
 public:
  // Cells are those of layer `tags_layer`; `network` must outlive it.
  LNet(const Network& network, const std::string& tags_layer,
       Arithmetic arithmetic = Arithmetic::fp32);

  [[nodiscard]] const Network& network() const { return *network_; }
  [[nodiscard]] const CellGeometry& geometry() const { return geometry_; }

  // Maps of photos of one size, run as one batch. `value` is read from a layer of this network
  // whose cells are those of the tags.
  std::vector<CellMap> run(std::span<const Image> photos, const CellValue& value);

  // The map of a whole pyramid level; large ones tile by tile, with the same values, so that memory
  // stays bounded.
  ScaleMap run_level(ImageHalvings& photo, const Level& level, const CellValue& value);

 private:
  const Network* network_;
  NetworkRunner runner_;
  std::size_t tags_layer_;
  CellGeometry geometry_;
};

}  // namespace facet::detail
