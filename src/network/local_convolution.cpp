// SPDX-License-Identifier: Apache-2.0
#include "network/local_convolution.hpp"

#include <algorithm>
#include <cstddef>

namespace facet::detail {
namespace {

// Offset of a pixel in an NHWC map.
std::size_t offset(const MapShape& shape, int n, int y, int x) {
  return ((static_cast<std::size_t>(n) * static_cast<std::size_t>(shape.height) +
           static_cast<std::size_t>(y)) *
              static_cast<std::size_t>(shape.width) +
          static_cast<std::size_t>(x)) *
         static_cast<std::size_t>(shape.channels);
}

}  // namespace

LocalConvolution::Tiling LocalConvolution::tile(const Layer& layer, const MapShape& input) {
  const bool tiled = layer.kind == LayerKind::local_tiled;
  const int border = tiled ? layer.kernel - 1 : 0;  // shared with the next cell
  const int cells_a_bank = tiled ? 1 : 2;
  Tiling tiling;
  tiling.step_y = (input.height - border) / layer.cells;
  tiling.step_x = (input.width - border) / layer.cells;
  tiling.rectangle = {input.count, cells_a_bank * tiling.step_y + border,
                      cells_a_bank * tiling.step_x + border, input.channels};
  return tiling;
}

LocalConvolution::LocalConvolution(const Layer& layer, const MapShape& input,
                                   ConvolutionTypes types, Workspace& workspace)
    : input_(input),
      input_bytes_(bytes_a_value(types.source)),
      output_bytes_(bytes_a_value(types.destination)),
      tiling_(tile(layer, input)),
      primitive_(layer, tiling_.rectangle, types, workspace) {
  const MapShape& result = primitive_.output();
  const bool tiled = layer.kind == LayerKind::local_tiled;
  const int banks_a_side = tiled ? layer.cells : layer.cells - 1;
  for (int i = 0; i < banks_a_side; ++i) {
    for (int j = 0; j < banks_a_side; ++j) {
      Placement place;
      place.input_y = i * tiling_.step_y;
      place.input_x = j * tiling_.step_x;
      if (tiled) {
        place.output_y = i * result.height;
        place.output_x = j * result.width;
      } else {
        place.output_channel = (i * banks_a_side + j) * result.channels;
      }
      placements_.push_back(place);
    }
  }
  output_ = result;
  if (tiled) {
    output_.height *= layer.cells;
    output_.width *= layer.cells;
  } else {
    output_.channels *= layer.banks();
  }
}

void LocalConvolution::gather(const std::byte* input, const Placement& place,
                              std::byte* rectangle) const {
  const MapShape& shape = tiling_.rectangle;
  const std::size_t row = offset(shape, 0, 1, 0) * input_bytes_;
  for (int n = 0; n < shape.count; ++n) {
    for (int y = 0; y < shape.height; ++y) {
      const std::byte* from =
          input + offset(input_, n, place.input_y + y, place.input_x) * input_bytes_;
      rectangle = std::copy_n(from, row, rectangle);
    }
  }
}

void LocalConvolution::scatter(const std::byte* result, const Placement& place,
                               std::byte* output) const {
  const MapShape& shape = primitive_.output();
  // Rows stay whole unless other banks' channels come between the pixels.
  const bool whole_rows = shape.channels == output_.channels;
  const int pieces = whole_rows ? 1 : shape.width;
  const std::size_t piece = offset(shape, 0, 0, whole_rows ? shape.width : 1) * output_bytes_;
  for (int n = 0; n < shape.count; ++n) {
    for (int y = 0; y < shape.height; ++y) {
      for (int x = 0; x < pieces; ++x) {
        const std::size_t to = offset(output_, n, place.output_y + y, place.output_x + x) +
                               static_cast<std::size_t>(place.output_channel);
        std::copy_n(result, piece, output + to * output_bytes_);
        result += piece;
      }
    }
  }
}

void LocalConvolution::execute(const void* input, void* output, Workspace& workspace) {
  void* rectangle = workspace.gathered.reserve_bytes(tiling_.rectangle.size() * input_bytes_);
  void* result = workspace.convolved.reserve_bytes(primitive_.output().size() * output_bytes_);
  for (std::size_t bank = 0; bank < placements_.size(); ++bank) {
    gather(static_cast<const std::byte*>(input), placements_[bank],
           static_cast<std::byte*>(rectangle));
    primitive_.execute(rectangle, banks_[bank], result, workspace);
    scatter(static_cast<const std::byte*>(result), placements_[bank],
            static_cast<std::byte*>(output));
  }
}

}  // namespace facet::detail
