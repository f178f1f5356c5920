// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass/one_pass_runner.hpp"

#include <algorithm>
#include <array>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/interruption.hpp"
#include "describe/one_pass/shared_convolution.hpp"
#include "describe/one_pass/shared_windows.hpp"
#include "describe/one_pass/vector_gather.hpp"
#include "facet/error.hpp"
#include "network/network_impl.hpp"
#include "network/primitive_execution.hpp"

namespace facet::detail {
namespace {

// A shared layer's steps and the size of its output.
struct PlannedLayer {
  std::optional<Conversion> rounding;  // of what it reads
  std::size_t rounded_bytes = 0;
  std::vector<std::unique_ptr<SharedStep>> steps;
  std::size_t output_size = 0;
};

struct OnePassPlan {
  MapShape regions;
  PatchGrid grid;
  std::size_t last = 0;
  int threads = 0;  // oneDNN divides the work of a primitive when it is made

  std::size_t region_layers = 0;
  std::vector<PlannedLayer> layers;
  VectorGather patches;
  MapShape output;
};

// A photo's faces come in batches of a few sizes.
constexpr std::size_t max_plans = 16;

}  // namespace

struct OnePassRunner::Impl {
  Impl(const Network& given, std::shared_ptr<const Network::Impl> given_contents,
       Precision precision)
      : contents(std::move(given_contents)),
        convolved_type(describing_precision(precision) == Precision::bf16 ? ValueType::bf16
                                                                          : ValueType::f32),
        region_runner(given, precision) {}

  OnePassPlan make_plan(const PatchGrid& grid, std::size_t last);
  OnePassPlan& find_plan(const PatchGrid& grid, std::size_t last);
  void execute(OnePassPlan& plan);

  std::shared_ptr<const Network::Impl> contents;
  ValueType convolved_type;  // what convolutions read; they yield f32
  NetworkRunner region_runner;
  MapShape regions;
  std::list<OnePassPlan> plans;  // the one used last in front

  Workspace workspace;
  std::array<AlignedBuffer, 2> passing;  // outputs of the shared layers, in turn
  AlignedBuffer rounded;                 // what a convolution reads, where that is not f32
  FeatureMap output;
};

OnePassPlan OnePassRunner::Impl::make_plan(const PatchGrid& grid, std::size_t last) {
  const SharedNetwork shared = share_windows(contents->spec, regions, grid, last);
  std::vector<PlannedLayer> layers;
  std::size_t read = shared.region_map.size();
  for (std::size_t i = 0; i < shared.layers.size(); ++i) {
    const SharedLayer& layer = shared.layers[i];
    const std::size_t index = shared.region_layers + i;
    const LayerWeights& given = contents->weights[index];
    PlannedLayer planned;
    if (layer.layer.has_weights() && convolved_type != ValueType::f32) {
      planned.rounding.emplace(read, ValueType::f32, convolved_type, workspace);
      planned.rounded_bytes = read * bytes_a_value(convolved_type);
    }
    planned.steps = make_shared_steps(layer, i == 0 ? &shared.region_map : nullptr, convolved_type,
                                      {{index, given.weight.floats().data(), given.bias.data()},
                                       contents->prepared,
                                       contents->prepared_by_rows,
                                       contents->zeros.data()},
                                      workspace);
    planned.output_size =
        static_cast<std::size_t>(layer.outputs) * static_cast<std::size_t>(layer.layer.channels());
    read = planned.output_size;
    layers.push_back(std::move(planned));
  }
  const int channels = contents->spec.layers[last].channels();
  return {regions,
          grid,
          last,
          current_threads(),
          shared.region_layers,
          std::move(layers),
          VectorGather(shared.patch_vectors, static_cast<std::size_t>(channels) * sizeof(float)),
          {regions.count * grid.patches(), shared.patch_side, shared.patch_side, channels}};
}

OnePassPlan& OnePassRunner::Impl::find_plan(const PatchGrid& grid, std::size_t last) {
  const int threads = current_threads();
  const auto found = std::find_if(plans.begin(), plans.end(), [&](const OnePassPlan& plan) {
    return plan.regions == regions && plan.last == last && plan.threads == threads &&
           plan.grid == grid;
  });
  if (found != plans.end()) {
    plans.splice(plans.begin(), plans, found);
    return plans.front();
  }
  OnePassPlan plan = make_plan(grid, last);
  if (plans.size() == max_plans) plans.pop_back();
  plans.push_front(std::move(plan));
  return plans.front();
}

void OnePassRunner::Impl::execute(OnePassPlan& plan) {
  const float* values = plan.region_layers == 0
                            ? region_runner.input()
                            : region_runner.run(plan.region_layers - 1).values.data();
  std::size_t turn = 0;
  for (PlannedLayer& layer : plan.layers) {
    float* outputs = passing[turn].reserve(layer.output_size);
    turn = 1 - turn;
    const void* convolved = values;
    if (layer.rounding) {
      void* target = rounded.reserve_bytes(layer.rounded_bytes);
      layer.rounding->execute(values, target, workspace);
      convolved = target;
    }
    for (const auto& step : layer.steps) step->execute(convolved, outputs, workspace);
    values = outputs;
  }
  output.resize(plan.output.count, plan.output.height, plan.output.width, plan.output.channels);
  float* target = output.values.data();
  const auto* gathered = static_cast<const float*>(plan.patches.gather(values, target));
  if (gathered != target) std::copy_n(gathered, output.values.size(), target);
}

OnePassRunner::OnePassRunner(const Network& network, Precision precision)
    : impl_(std::make_unique<Impl>(network, network.impl_, precision)) {
}
OnePassRunner::~OnePassRunner() = default;
OnePassRunner::OnePassRunner(OnePassRunner&&) noexcept = default;

std::span<const float> OnePassRunner::biases(const Network& network, std::size_t layer) {
  return network.impl_->weights.at(layer).bias;
}

void OnePassRunner::set_input(std::span<const Image> regions) {
  impl_->regions = {};
  impl_->region_runner.set_input(regions);
  impl_->regions = {static_cast<int>(regions.size()), regions.front().height, regions.front().width,
                    3};
}

void OnePassRunner::set_input(const FeatureMap& regions) {
  impl_->regions = {};
  impl_->region_runner.set_input(regions);
  impl_->regions = {regions.count, regions.height, regions.width, regions.channels};
}

const FeatureMap& OnePassRunner::run(const PatchGrid& grid, std::size_t last) {
  if (impl_->regions.count == 0) {
    throw Error(ErrorCode::invalid_argument, "the network has no regions yet");
  }
  check_interruption();
  try {
    impl_->execute(impl_->find_plan(grid, last));
  } catch (const dnnl::error& error) {
    throw Error(ErrorCode::unsupported, std::string("network cannot run: ") + error.what());
  }
  return impl_->output;
}

}  // namespace facet::detail
