// SPDX-License-Identifier: Apache-2.0
// What overlapping patches of a region have in common, layer by layer.
//
// Layers whose filters are shared globally see the same values in every patch: they run once, on
// the whole region, up to the first layer that tells one place of a patch from another. From there
// on a layer's output is a set of vectors. A vector is a bank of filters and the window of vectors
// that the bank reads, and two patches share it where both are the same. Each is computed once.
//
// One row of C3 and C4 (kernel 3) of a patch of three cells a, b, c, and of the patch one step
// to the right. C3's bank changes with the cell, and the cells move with the patch:
//
//   place in the region     0  1  2  3  4  5  6  7  8  9 10 11 12 …
//   C3, patch 0             a  a  a  a  b  b  b  b  c  c  c  c
//   C3, patch 1                a  a  a  a  b  b  b  b  c  c  c  c
//   shared by both             a  a  a     b  b  b     c  c  c
//   C4 inside a cell           [a  a  a]                            both patches: shared
//   C4 across a border, 0         [a  a  b]                         bank b at place 4: patch 0 only
//   C4 across a border, 1            [a  a  b]                      bank b at place 5: patch 1 only
//
// A window inside a cell is thus shared by all patches that lay the cell there; one across a border
// only by patches whose borders lie in the same place. Nothing here knows of these cases: equal
// windows are found by comparing them, which serves any cells, kernels, strides and offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "describe/one_pass/patch_grid.hpp"
#include "format/network_spec.hpp"
#include "network/map_shape.hpp"

namespace facet::detail {

// The distinct windows that one bank of a layer reads.
struct BankWindows {
  int bank = 0;
  int first_output = 0;      // the bank's vectors are this one and those after it, …
  int first_channel = 0;     // … from this channel on
  int windows = 0;           //
  std::vector<int> sources;  // windows × kernel²: vectors of the layer below, row by row
};

struct SharedLayer {
  Layer layer;
  int outputs = 0;  // vectors of layer.channels() values
  std::vector<BankWindows> banks;
};

struct SharedNetwork {
  std::size_t region_layers = 0;    // these run on the whole regions and yield …
  MapShape region_map;              // … the vectors that the first shared layer reads
  std::vector<SharedLayer> layers;  // those after them
  int patch_side = 0;               // of a patch's map in the last layer
  std::vector<int> patch_vectors;   // regions × patches × patch_side²: where its vectors are
};

// Throws Error(invalid_argument), saying why, where layers [0, last] cannot run on that grid's
// patches in one pass: padded layers, layers of several depths, shortcuts behind the region's map,
// offsets that are not a multiple of the stride of the region's map, patches that reach over the
// region's border, maps a layer cannot take.
void check_one_pass(const NetworkSpec& spec, int region_height, int region_width,
                    const PatchGrid& grid, std::size_t last);

// For `regions.count` regions of one size. Throws as check_one_pass does.
SharedNetwork share_windows(const NetworkSpec& spec, const MapShape& regions, const PatchGrid& grid,
                            std::size_t last);

}  // namespace facet::detail
