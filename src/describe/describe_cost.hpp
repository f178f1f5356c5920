// SPDX-License-Identifier: Apache-2.0
// Multiply-adds of a face's description, by either way.
#pragma once

#include <optional>

#include "describe/one_pass/patch_grid.hpp"
#include "format/network_spec.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

PatchGrid grid_of(const PatchSettings& settings);

struct DescribeCost {
  double patch_by_patch = 0;       // all patches of a region, without the mirrored ones
  std::optional<double> one_pass;  // the same in one pass; none where that does not serve: padded
                                   // layers, or offsets between the places of the region's map

  [[nodiscard]] bool one_pass_pays() const { return one_pass && *one_pass < patch_by_patch; }
  [[nodiscard]] double least() const { return one_pass_pays() ? *one_pass : patch_by_patch; }
};

// Of the first `layers` layers of ANet.
DescribeCost describe_cost(const NetworkSpec& anet, std::size_t layers,
                           const PatchSettings& settings);

}  // namespace facet::detail
