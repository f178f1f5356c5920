// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass/shared_convolution.hpp"

#include <algorithm>
#include <utility>

#include "describe/one_pass/convolution_way.hpp"
#include "describe/one_pass/row_product_convolution.hpp"
#include "describe/one_pass/vector_gather.hpp"

namespace facet::detail {
namespace {

// The vectors of a rectangle's windows, row by row, region after region.
std::vector<int> rectangle_vectors(const Rectangle& rectangle, int border, const MapShape& map) {
  std::vector<int> vectors;
  for (int region = 0; region < map.count; ++region) {
    for (int y = 0; y < rectangle.height + border; ++y) {
      const int row = (region * map.height + rectangle.top + y) * map.width + rectangle.left;
      for (int x = 0; x < rectangle.width + border; ++x) vectors.push_back(row + x);
    }
  }
  return vectors;
}

// What an ordinary convolution sees: the windows as maps as large as the kernel, or rectangles.
struct ConvolutionInput {
  std::vector<int> vectors;
  MapShape shape;
};

ConvolutionInput convolution_input(const Layer& layer, const BankWindows& bank, ConvolutionWay way,
                                   const MapShape* map) {
  if (way == ConvolutionWay::windows) {
    return {bank.sources, {bank.windows, layer.kernel, layer.kernel, layer.in_channels}};
  }
  const Rectangle rectangle = *rectangle_of(bank, layer.kernel, *map);
  const int border = layer.kernel - 1;
  return {rectangle_vectors(rectangle, border, *map),
          {map->count, rectangle.height + border, rectangle.width + border, layer.in_channels}};
}

class GatheredConvolution final : public SharedStep {
 public:
  GatheredConvolution(const Layer& layer, const BankWindows& bank, const ConvolutionInput& input,
                      ValueType source, const SharedWeights& weights, Workspace& workspace)
      : gather_(input.vectors, static_cast<std::size_t>(layer.in_channels) * bytes_a_value(source)),
        primitive_(layer, input.shape, {source, ValueType::f32}, workspace),
        windows_(static_cast<std::size_t>(bank.windows)),
        channels_(static_cast<std::size_t>(layer.out_channels)),
        output_channels_(static_cast<std::size_t>(layer.channels())),
        first_output_(static_cast<std::size_t>(bank.first_output) * output_channels_ +
                      static_cast<std::size_t>(bank.first_channel)) {
    const std::size_t filters = static_cast<std::size_t>(bank.bank) * channels_;
    const std::size_t filter_size = static_cast<std::size_t>(layer.in_channels) *
                                    static_cast<std::size_t>(layer.kernel) *
                                    static_cast<std::size_t>(layer.kernel);
    weights_ = weights.whole.get(primitive_, weights.given.layer, bank.bank,
                                 weights.given.weight + filters * filter_size,
                                 weights.given.bias + filters, workspace);
  }

  void execute(const void* values, float* outputs, Workspace& workspace) override {
    const void* input = gather_.gather(values, workspace.gathered.reserve_bytes(gather_.bytes()));
    outputs += first_output_;
    if (channels_ == output_channels_) {
      primitive_.execute(input, weights_, outputs, workspace);
      return;
    }
    const float* convolved = workspace.convolved.reserve(windows_ * channels_);
    primitive_.execute(input, weights_, workspace.convolved.reserve(windows_ * channels_),
                       workspace);
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < windows_; ++i) {
      std::copy_n(convolved + i * channels_, channels_, outputs + i * output_channels_);
    }
  }

 private:
  VectorGather gather_;
  ConvolutionPrimitive primitive_;
  PreparedBank weights_;
  std::size_t windows_;
  std::size_t channels_;
  std::size_t output_channels_;
  std::size_t first_output_;
};

class WindowPooling final : public SharedStep {
 public:
  WindowPooling(const Layer& layer, BankWindows bank)
      : bank_(std::move(bank)),
        taps_(static_cast<std::size_t>(layer.kernel) * static_cast<std::size_t>(layer.kernel)),
        channels_(static_cast<std::size_t>(layer.out_channels)),
        average_(layer.kind == LayerKind::average_pool) {}

  void execute(const void* vectors, float* outputs, Workspace& /*workspace*/) override {
    const auto* values = static_cast<const float*>(vectors);
    const auto windows = static_cast<std::size_t>(bank_.windows);
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < windows; ++i) {
      float* output = outputs + i * channels_;
      const int* sources = bank_.sources.data() + i * taps_;
      std::copy_n(values + static_cast<std::size_t>(sources[0]) * channels_, channels_, output);
      for (std::size_t tap = 1; tap < taps_; ++tap) {
        include(values + static_cast<std::size_t>(sources[tap]) * channels_, output);
      }
      if (!average_) continue;
      for (std::size_t c = 0; c < channels_; ++c) output[c] /= static_cast<float>(taps_);
    }
  }

 private:
  void include(const float* source, float* output) const {
    if (average_) {
#pragma omp simd
      for (std::size_t c = 0; c < channels_; ++c) output[c] += source[c];
    } else {
#pragma omp simd
      for (std::size_t c = 0; c < channels_; ++c) {
        output[c] = output[c] > source[c] ? output[c] : source[c];
      }
    }
  }

  BankWindows bank_;
  std::size_t taps_;
  std::size_t channels_;
  bool average_;
};

}  // namespace

std::vector<std::unique_ptr<SharedStep>> make_shared_steps(const SharedLayer& shared,
                                                           const MapShape* map, ValueType source,
                                                           const SharedWeights& weights,
                                                           Workspace& workspace) {
  const Layer& layer = shared.layer;
  std::vector<std::unique_ptr<SharedStep>> steps;
  for (const BankWindows& bank : shared.banks) {
    if (layer.is_pool()) {
      steps.push_back(std::make_unique<WindowPooling>(layer, bank));
      continue;
    }
    const ConvolutionWay way = choose_way(layer, bank, map).way;
    if (way == ConvolutionWay::row_products) {
      steps.push_back(
          std::make_unique<RowProductConvolution>(layer, bank, source, weights, workspace));
    } else {
      steps.push_back(std::make_unique<GatheredConvolution>(
          layer, bank, convolution_input(layer, bank, way, map), source, weights, workspace));
    }
  }
  return steps;
}

}  // namespace facet::detail
