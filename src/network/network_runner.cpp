// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <list>
#include <optional>
#include <string>
#include <utility>

#include "base/interruption.hpp"
#include "facet/error.hpp"
#include "network/amx/amx_network.hpp"
#include "network/amx/amx_rows.hpp"
#include "network/amx/processor.hpp"
#include "network/network.hpp"
#include "network/network_impl.hpp"
#include "network/network_plan.hpp"
#include "network/primitive_execution.hpp"

namespace facet::detail {
namespace {

// Image pyramids of photos of any size see ever new shapes; the oldest are forgotten.
constexpr std::size_t max_plans = 64;

// A map that stays until a later layer reads it.
struct HeldMap {
  AlignedBuffer buffer;
  const void* values = nullptr;
};

}  // namespace

struct NetworkRunner::Impl {
  Impl(std::shared_ptr<const Network::Impl> given, Arithmetic arithmetic)
      : network(std::move(given)),
        map_type(arithmetic == Arithmetic::bf16 ? ValueType::bf16 : ValueType::f32),
        kept(network->spec.layers.size(), false),
        outputs(network->spec.layers.size()),
        available(network->spec.layers.size(), false),
        shortcut_from(shortcut_sources(network->spec)),
        read_later(network->spec.layers.size(), false),
        held(network->spec.layers.size()) {
    for (const std::size_t source : shortcut_from) {
      if (source != no_shortcut) read_later[source] = true;
    }
    for (std::size_t i = 0; i < network->spec.layers.size(); ++i) {
      depths_from.push_back(depth_sources(network->spec, i));
      for (const std::size_t source : depths_from.back()) read_later[source] = true;
    }
    if (arithmetic != Arithmetic::fp32 && has_amx() && amx_can_run(network->spec)) {
      const int planes = arithmetic == Arithmetic::bf16x3 ? 2 : 1;
      SharedAmxLayers& shared = network->amx_layers[static_cast<std::size_t>(planes - 1)];
      const auto layers = amx_layers(network->spec, network->weights, planes, shared);
      amx.emplace(network->spec, layers, planes);
      if (amx_can_run_rows(network->spec)) amx_rows.emplace(network->spec, layers, planes);
    }
  }

  void check_input(const MapShape& shape);
  static void check_photos(std::span<const Image> photos);
  float* start_input(const MapShape& shape);
  Plan& current_plan(std::size_t last);
  Plan make_plan(std::size_t last);
  PlannedLayer make_layer(const Plan& plan, std::size_t index);
  PlannedLayer make_depths(const Plan& plan, std::size_t index);
  void execute(Plan& plan);
  void add_shortcut(Plan& plan, std::size_t index, void* target);
  void read_depths(Plan& plan, std::size_t index);
  void check_layer(std::size_t layer) const;

  std::shared_ptr<const Network::Impl> network;
  ValueType map_type;  // between layers
  Workspace workspace;
  std::list<Plan> plans;         // the one used last in front
  std::optional<AmxRunner> amx;  // instead of plans
  std::optional<AmxRowRunner> amx_rows;

  MapShape input_shape;
  AlignedBuffer input;
  AlignedBuffer rounded_input;
  std::array<AlignedBuffer, 2> passing;  // outputs that nobody asked for, in turn
  std::vector<bool> kept;
  std::vector<FeatureMap> outputs;         // of kept layers and the last one
  std::vector<bool> available;             // outputs of the last run
  std::vector<std::size_t> shortcut_from;  // of each layer, no_shortcut where it adds nothing
  std::vector<std::vector<std::size_t>> depths_from;
  std::vector<bool> read_later;  // by another layer than the next
  std::vector<HeldMap> held;     // those maps
};

void NetworkRunner::Impl::check_input(const MapShape& shape) {
  const int channels = network->spec.layers.front().in_channels;
  if (shape.count < 1 || shape.height < 1 || shape.width < 1 || shape.channels != channels) {
    throw Error(ErrorCode::invalid_argument, "a network of " + std::to_string(channels) +
                                                 " input channels cannot take a " +
                                                 shape_text(shape) + " input");
  }
  available.assign(available.size(), false);
  input_shape = shape;
}

void NetworkRunner::Impl::check_photos(std::span<const Image> photos) {
  if (photos.empty()) throw Error(ErrorCode::invalid_argument, "no photos for the network");
  const Image& first = photos.front();
  for (const Image& photo : photos) {
    if (photo.width != first.width || photo.height != first.height) {
      throw Error(ErrorCode::invalid_argument,
                  "photos of different sizes in one batch: " + std::to_string(first.width) + "x" +
                      std::to_string(first.height) + " and " + std::to_string(photo.width) + "x" +
                      std::to_string(photo.height));
    }
    if (photo.pixels.size() != MapShape{1, photo.height, photo.width, 3}.size()) {
      throw Error(ErrorCode::invalid_argument, "a photo of " + std::to_string(photo.width) + "x" +
                                                   std::to_string(photo.height) + " holds " +
                                                   std::to_string(photo.pixels.size()) + " bytes");
    }
  }
}

float* NetworkRunner::Impl::start_input(const MapShape& shape) {
  return input.reserve(shape.size());
}

Plan& NetworkRunner::Impl::current_plan(std::size_t last) {
  const int threads = current_threads();
  const auto found = std::find_if(plans.begin(), plans.end(), [&](const Plan& plan) {
    return plan.input == input_shape && plan.last == last && plan.threads == threads;
  });
  if (found != plans.end()) {
    plans.splice(plans.begin(), plans, found);
    return plans.front();
  }
  Plan plan = make_plan(last);
  if (plans.size() == max_plans) plans.pop_back();
  plans.push_front(std::move(plan));
  return plans.front();
}

Plan NetworkRunner::Impl::make_plan(std::size_t last) {
  Plan plan{input_shape, last, current_threads(), {}, {}};
  if (map_type != ValueType::f32) {
    plan.input_rounding.emplace(input_shape.size(), ValueType::f32, map_type, workspace);
  }
  for (std::size_t index = 0; index <= last; ++index) {
    plan.layers.push_back(make_layer(plan, index));
  }
  return plan;
}

PlannedLayer NetworkRunner::Impl::make_layer(const Plan& plan, std::size_t index) {
  const Layer& layer = network->spec.layers[index];
  const MapShape shape = index == 0 ? plan.input : plan.layers.back().step->output();
  if (layer.kind == LayerKind::depths) return make_depths(plan, index);
  const LayerWeights& weights = network->weights[index];
  const bool wanted_exact = index == plan.last || feeds_depths(network->spec, index);
  PlannedLayer planned;
  try {
    planned.step = make_step(layer, shape, {map_type, wanted_exact ? ValueType::f32 : map_type},
                             {index, weights.weight.floats().data(), weights.bias.data()},
                             network->prepared, workspace);
  } catch (const dnnl::error& error) {
    throw Error(ErrorCode::unsupported,
                "layer " + layer.name + " on a " + shape_text(shape) + " map: " + error.what());
  }
  if (shortcut_from[index] == no_shortcut) return planned;
  const LayerStep& added = *plan.layers[shortcut_from[index]].step;
  if (!(added.output() == planned.step->output())) {
    throw Error(ErrorCode::invalid_argument,
                "layer " + layer.name + ": a map of " + shape_text(planned.step->output()) +
                    " cannot be added to one of " + shape_text(added.output()));
  }
  if (added.output_type() != planned.step->output_type()) {
    planned.shortcut.emplace(added.output().size(), added.output_type(),
                             planned.step->output_type(), workspace);
  }
  return planned;
}

void NetworkRunner::Impl::add_shortcut(Plan& plan, std::size_t index, void* target) {
  PlannedLayer& layer = plan.layers[index];
  const void* added = held[shortcut_from[index]].values;
  if (layer.shortcut) {
    layer.shortcut->execute(added, target, workspace);
  } else {
    std::memcpy(target, added, layer.bytes());
  }
}

PlannedLayer NetworkRunner::Impl::make_depths(const Plan& plan, std::size_t index) {
  const Layer& layer = network->spec.layers[index];
  const auto output_of = [&](std::size_t source) -> TypedShape {
    const LayerStep& step = *plan.layers[source].step;
    return {step.output(), step.output_type()};
  };
  const TypedShape before = output_of(index - 1);
  output_side(layer, std::max(before.shape.height, before.shape.width));  // a single place
  std::vector<TypedShape> averaged;
  for (const std::size_t source : depths_from[index]) averaged.push_back(output_of(source));
  auto step = std::make_unique<DepthsStep>(before, std::move(averaged),
                                           index == plan.last ? ValueType::f32 : map_type);
  PlannedLayer planned;
  planned.depths = step.get();
  planned.step = std::move(step);
  return planned;
}

void NetworkRunner::Impl::read_depths(Plan& plan, std::size_t index) {
  const std::vector<std::size_t>& sources = depths_from[index];
  for (std::size_t i = 0; i < sources.size(); ++i) {
    plan.layers[index].depths->read(i, held[sources[i]].values);
  }
}

void NetworkRunner::Impl::execute(Plan& plan) {
  const void* source = input.reserve(input_shape.size());
  if (plan.input_rounding) {
    void* rounded = rounded_input.reserve_bytes(input_shape.size() * bytes_a_value(map_type));
    plan.input_rounding->execute(source, rounded, workspace);
    source = rounded;
  }
  std::size_t turn = 0;
  for (std::size_t index = 0; index <= plan.last; ++index) {
    PlannedLayer& layer = plan.layers[index];
    const MapShape& shape = layer.step->output();
    const ValueType type = layer.step->output_type();
    FeatureMap* asked_for = index == plan.last || kept[index] ? &outputs[index] : nullptr;
    if (asked_for) asked_for->resize(shape.count, shape.height, shape.width, shape.channels);
    void* target = nullptr;
    if (asked_for && type == ValueType::f32) {
      target = asked_for->values.data();
    } else if (read_later[index]) {
      target = held[index].buffer.reserve_bytes(layer.bytes());
    } else {
      target = passing[turn].reserve_bytes(layer.bytes());
      turn = 1 - turn;
    }
    // The convolution adds to what it finds there.
    if (shortcut_from[index] != no_shortcut) add_shortcut(plan, index, target);
    if (layer.depths != nullptr) read_depths(plan, index);
    layer.step->execute(source, target, workspace);
    if (asked_for && type != ValueType::f32) {
      if (!layer.to_f32) layer.to_f32.emplace(shape.size(), type, ValueType::f32, workspace);
      layer.to_f32->execute(target, asked_for->values.data(), workspace);
    }
    held[index].values = target;
    available[index] = asked_for != nullptr;
    source = target;
  }
}

void NetworkRunner::Impl::check_layer(std::size_t layer) const {
  if (layer >= outputs.size()) {
    throw Error(
        ErrorCode::invalid_argument,
        "layer " + std::to_string(layer) + " of a network of " + std::to_string(outputs.size()));
  }
}

NetworkRunner::NetworkRunner(const Network& network, Arithmetic arithmetic)
    : impl_(std::make_unique<Impl>(network.impl_, arithmetic)) {
}
NetworkRunner::NetworkRunner(const Network& network, Precision precision)
    : NetworkRunner(network, describing_arithmetic(precision)) {
}
NetworkRunner::~NetworkRunner() = default;
NetworkRunner::NetworkRunner(NetworkRunner&&) noexcept = default;

void NetworkRunner::set_input(std::span<const Image> photos) {
  Impl::check_photos(photos);
  const Image& first = photos.front();
  const MapShape shape = {static_cast<int>(photos.size()), first.height, first.width, 3};
  impl_->check_input(shape);
  if (impl_->amx) {
    impl_->amx->set_input(photos);
    return;
  }
  float* target = impl_->start_input(shape);
  const float mean = impl_->network->spec.mean;
  const float scale = impl_->network->spec.scale;
  for (const Image& photo : photos) {
    target = std::transform(
        photo.pixels.begin(), photo.pixels.end(), target,
        [mean, scale](std::uint8_t pixel) { return (static_cast<float>(pixel) - mean) * scale; });
  }
}

void NetworkRunner::set_input(const FeatureMap& input) {
  const MapShape shape = {input.count, input.height, input.width, input.channels};
  if (input.values.size() != shape.size()) {
    throw Error(ErrorCode::invalid_argument, "a " + shape_text(shape) + " map holds " +
                                                 std::to_string(input.values.size()) + " values");
  }
  impl_->check_input(shape);
  if (impl_->amx) {
    impl_->amx->set_input(input);
    return;
  }
  std::copy(input.values.begin(), input.values.end(), impl_->start_input(shape));
}

const float* NetworkRunner::input() const {
  if (impl_->amx) return impl_->input_shape.count > 0 ? impl_->amx->input() : nullptr;
  return impl_->input.reserve(impl_->input_shape.size());
}

const FeatureMap& NetworkRunner::run(std::size_t last) {
  impl_->check_layer(last);
  if (impl_->input_shape.count == 0) {
    throw Error(ErrorCode::invalid_argument, "the network has no input yet");
  }
  check_interruption();
  impl_->available.assign(impl_->available.size(), false);
  if (impl_->amx) {
    impl_->amx->run(last, impl_->kept, impl_->outputs);
    for (std::size_t i = 0; i <= last; ++i) impl_->available[i] = i == last || impl_->kept[i];
    return impl_->outputs[last];
  }
  try {
    impl_->execute(impl_->current_plan(last));
  } catch (const dnnl::error& error) {
    throw Error(ErrorCode::unsupported, std::string("network cannot run: ") + error.what());
  }
  return impl_->outputs[last];
}

void NetworkRunner::run(std::span<const Image> photos, std::size_t last, const RowSink& sink) {
  impl_->check_layer(last);
  if (!impl_->amx_rows) {
    set_input(photos);
    sink({run(last)});
    return;
  }
  Impl::check_photos(photos);
  const Image& first = photos.front();
  impl_->check_input({static_cast<int>(photos.size()), first.height, first.width, 3});
  impl_->input_shape = {};
  check_interruption();
  impl_->amx_rows->run(photos, last, sink);
}

const FeatureMap& NetworkRunner::output(std::size_t layer) const {
  impl_->check_layer(layer);
  if (!impl_->available[layer]) {
    throw Error(ErrorCode::invalid_argument, "the output of layer " +
                                                 impl_->network->spec.layers[layer].name +
                                                 " was not kept in the last run");
  }
  return impl_->outputs[layer];
}

void NetworkRunner::keep(std::size_t layer) {
  impl_->check_layer(layer);
  impl_->kept[layer] = true;
}

}  // namespace facet::detail
