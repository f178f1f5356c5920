// SPDX-License-Identifier: Apache-2.0
#include "network/layer_step.hpp"

#include <string>
#include <utility>
#include <vector>

#include "facet/error.hpp"
#include "network/local_convolution.hpp"
#include "network/pooling_primitive.hpp"

namespace facet::detail {
namespace {

// The prepared weights of every bank of a layer.
std::vector<PreparedBank> prepare_banks(const Layer& layer, const ConvolutionPrimitive& primitive,
                                        const GivenWeights& given, PreparedWeights& prepared,
                                        Workspace& workspace) {
  const std::size_t filters = static_cast<std::size_t>(layer.out_channels);
  const std::size_t filter_size = static_cast<std::size_t>(layer.in_channels) *
                                  static_cast<std::size_t>(layer.kernel) *
                                  static_cast<std::size_t>(layer.kernel);
  std::vector<PreparedBank> banks;
  for (int bank = 0; bank < layer.banks(); ++bank) {
    const std::size_t first = static_cast<std::size_t>(bank) * filters;
    banks.push_back(prepared.get(primitive, given.layer, bank, given.weight + first * filter_size,
                                 given.bias + first, workspace));
  }
  return banks;
}

class ConvolutionStep final : public LayerStep {
 public:
  ConvolutionStep(ConvolutionPrimitive primitive, PreparedBank bank, ValueType output_type)
      : LayerStep(primitive.output(), output_type),
        primitive_(std::move(primitive)),
        bank_(std::move(bank)) {}
  void execute(const void* input, void* output, Workspace& workspace) override {
    primitive_.execute(input, bank_, output, workspace);
  }

 private:
  ConvolutionPrimitive primitive_;
  PreparedBank bank_;
};

class PoolingStep final : public LayerStep {
 public:
  PoolingStep(PoolingPrimitive primitive, const MapShape& output, ValueType type)
      : LayerStep(output, type), primitive_(std::move(primitive)) {}
  void execute(const void* input, void* output, Workspace& workspace) override {
    primitive_.execute(input, output, workspace);
  }

 private:
  PoolingPrimitive primitive_;
};

class LocalStep final : public LayerStep {
 public:
  LocalStep(LocalConvolution convolution, ValueType output_type)
      : LayerStep(convolution.output(), output_type), convolution_(std::move(convolution)) {}
  void execute(const void* input, void* output, Workspace& workspace) override {
    convolution_.execute(input, output, workspace);
  }

 private:
  LocalConvolution convolution_;
};

}  // namespace

std::unique_ptr<LayerStep> make_step(const Layer& layer, const MapShape& input,
                                     ConvolutionTypes types, const GivenWeights& given,
                                     PreparedWeights& prepared, Workspace& workspace) {
  // Checks the sides for every kind of layer.
  const MapShape output = {input.count, output_side(layer, input.height),
                           output_side(layer, input.width), layer.channels()};
  switch (layer.kind) {
    case LayerKind::convolution: {
      ConvolutionPrimitive primitive(layer, input, types, workspace);
      std::vector<PreparedBank> banks = prepare_banks(layer, primitive, given, prepared, workspace);
      return std::make_unique<ConvolutionStep>(std::move(primitive), std::move(banks.front()),
                                               types.destination);
    }
    case LayerKind::max_pool:
    case LayerKind::average_pool:
      return std::make_unique<PoolingStep>(
          PoolingPrimitive(layer, input, output, types.source, workspace), output, types.source);
    case LayerKind::local_tiled:
    case LayerKind::local_stacked: {
      LocalConvolution convolution(layer, input, types, workspace);
      convolution.set_banks(
          prepare_banks(layer, convolution.primitive(), given, prepared, workspace));
      return std::make_unique<LocalStep>(std::move(convolution), types.destination);
    }
    case LayerKind::depths:
      break;  // reads more than `input`: DepthsStep
  }
  throw Error(ErrorCode::bad_model, "layer " + layer.name + ": unknown kind");
}

}  // namespace facet::detail
