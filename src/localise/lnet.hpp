// SPDX-License-Identifier: Apache-2.0
// LNet_o or LNet_s, ready to look at photos.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "localise/cell_geometry.hpp"
#include "localise/cell_map.hpp"
#include "localise/cell_value.hpp"
#include "localise/image_halvings.hpp"
#include "localise/pyramid.hpp"
#include "localise/scale_map.hpp"
#include "network/network.hpp"

namespace facet::detail {

// Not thread-safe.
class LNet {
 public:
  // Cells are those of layer `tags_layer`; `network` must outlive it.
  LNet(const Network& network, const std::string& tags_layer,
       Arithmetic arithmetic = Arithmetic::fp32);

  [[nodiscard]] const Network& network() const { return *network_; }
  [[nodiscard]] const CellGeometry& geometry() const { return geometry_; }

  // Maps of photos of one size, run as one batch. `value` is read from a layer of this network
  // whose cells are those of the tags. `coarse`: at bf16 where that takes less time.
  std::vector<CellMap> run(std::span<const Image> photos, const CellValue& value,
                           bool coarse = false);

  // The map of a whole pyramid level; large ones tile by tile, with the same values, so that memory
  // stays bounded. Where `exact_from` is given, cells that come to less, and have no neighbour that
  // does not, may be as coarse as bf16, which takes a third of the time; where it is infinite, all.
  ScaleMap run_level(ImageHalvings& photo, const Level& level, const CellValue& value,
                     std::optional<float> exact_from = std::nullopt);

 private:
  // A map at bf16, and again at this network's arithmetic around cells from `exact_from` on.
  CellMap run_coarse_first(const Image& photo, const CellValue& value, float exact_from);

  NetworkRunner& coarse_runner();

  const Network* network_;
  Arithmetic arithmetic_;
  NetworkRunner runner_;
  std::optional<NetworkRunner> coarse_runner_;  // from when it is first asked for
  std::size_t tags_layer_;
  CellGeometry geometry_;
};

}  // namespace facet::detail
