// SPDX-License-Identifier: Apache-2.0
// Networks for one pass over all patches, and what it must equal.
#pragma once

#include <cstddef>

#include "describe/one_pass/patch_grid.hpp"
#include "network/reference_network.hpp"

namespace facet::detail::testing {

// The paper's ANet in the form of the first model: patches of 88 pixels, a map of stride 4 in
// front of C3.
NetworkSpec paper_anet(int c1 = 32, int c2 = 64, int c3 = 64, int c4 = 80, int fc = 320);

// Offsets 0, step, 2·step, …
std::vector<int> even_offsets(int count, int step);

// A network that takes `patch_side`, with a grid and regions to look at.
struct OnePassCase {
  NetworkSpec spec;
  PatchGrid grid;
  int stride = 1;  // of the layers that patches share
  int regions = 1;
  int region_height = 0;
  int region_width = 0;
};
OnePassCase random_case(RandomSource& random);

// The grid's patches of every region, region after region.
FeatureMap cut_maps(const FeatureMap& regions, const PatchGrid& grid);

// Same shape, and values within `tolerance` of the largest one.
void expect_equal_patches(const FeatureMap& actual, const FeatureMap& expected,
                          float tolerance = 1e-4F);

}  // namespace facet::detail::testing
