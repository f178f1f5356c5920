// SPDX-License-Identifier: Apache-2.0
// Convolution with locally shared filters (paper 3.2, C3 and C4): each bank of filters sees its
// own rectangle of the map.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "format/network_spec.hpp"
#include "network/convolution_primitive.hpp"
#include "network/map_shape.hpp"
#include "network/workspace.hpp"

namespace facet::detail {

class LocalConvolution {
 public:
  // The input must divide into the layer's cells, which output_side checks.
  LocalConvolution(const Layer& layer, const MapShape& input, ConvolutionTypes types,
                   Workspace& workspace);

  [[nodiscard]] const MapShape& output() const { return output_; }
  // The convolution of one bank; all banks share it and differ in weights.
  [[nodiscard]] const ConvolutionPrimitive& primitive() const { return primitive_; }
  void set_banks(std::vector<PreparedBank> banks) { banks_ = std::move(banks); }

  void execute(const void* input, void* output, Workspace& workspace);

 private:
  // Where a bank reads, and where the first value of its result goes.
  struct Placement {
    int input_y = 0;
    int input_x = 0;
    int output_y = 0;
    int output_x = 0;
    int output_channel = 0;
  };
  // A bank's rectangle, and how many pixels lie between neighbouring ones.
  struct Tiling {
    MapShape rectangle;
    int step_y = 0;
    int step_x = 0;
  };
  static Tiling tile(const Layer& layer, const MapShape& input);
  void gather(const std::byte* input, const Placement& place, std::byte* rectangle) const;
  void scatter(const std::byte* result, const Placement& place, std::byte* output) const;

  MapShape input_;
  std::size_t input_bytes_;   // a value
  std::size_t output_bytes_;  // a value
  Tiling tiling_;
  ConvolutionPrimitive primitive_;
  MapShape output_;
  std::vector<Placement> placements_;
  std::vector<PreparedBank> banks_;
};

}  // namespace facet::detail
