// SPDX-License-Identifier: Apache-2.0
#include "describe/describe_cost.hpp"

#include "describe/one_pass/convolution_way.hpp"
#include "describe/one_pass/shared_windows.hpp"
#include "facet/error.hpp"
#include "model/network_cost.hpp"

namespace facet::detail {

PatchGrid grid_of(const PatchSettings& settings) {
  return {settings.patch_side, settings.offsets, settings.offsets};
}

DescribeCost describe_cost(const NetworkSpec& anet, std::size_t layers,
                           const PatchSettings& settings) {
  const PatchGrid grid = grid_of(settings);
  DescribeCost cost;
  const auto costs = layer_costs(anet, settings.patch_side);
  for (std::size_t i = 0; i < layers && i < costs.size(); ++i) {
    cost.patch_by_patch += static_cast<double>(costs[i].multiply_adds) * grid.patches();
  }
  const MapShape region = {1, settings.region_side, settings.region_side,
                           anet.layers.front().in_channels};
  try {
    cost.one_pass = multiply_adds(share_windows(anet, region, grid, layers - 1), anet, region);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) throw;
  }
  return cost;
}

}  // namespace facet::detail
