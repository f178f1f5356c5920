#include <algorithm>
#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <utility>

#include "facet/error.hpp"
#include "network/layer_step.hpp"
#include "network/network.hpp"
#include "network/network_impl.hpp"
#include "network/primitive_execution.hpp"

namespace facet {
namespace {

using detail::AlignedBuffer;
using detail::LayerStep;
using detail::MapShape;

// The steps for one input shape, made as far as they have been run.
struct Plan {
  MapShape input;
  // oneDNN divides the work of a primitive when it is made, by the threads it finds then.
  int threads = 0;
  std::vector<std::unique_ptr<LayerStep>> steps;
};

// Image pyramids of photos of any size see ever new shapes; the oldest are forgotten.
constexpr std::size_t max_plans = 64;

std::string shape_text(const MapShape& shape) {
  return std::to_string(shape.count) + "x" + std::to_string(shape.height) + "x" +
         std::to_string(shape.width) + "x" + std::to_string(shape.channels);
}

constexpr std::size_t no_shortcut = static_cast<std::size_t>(-1);

// The earlier layer that each layer adds.
std::vector<std::size_t> shortcut_sources(const NetworkSpec& spec) {
  std::vector<std::size_t> sources(spec.layers.size(), no_shortcut);
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (!spec.layers[i].add.empty() && spec.layers[k].name == spec.layers[i].add) sources[i] = k;
    }
  }
  return sources;
}

// A map that stays until a later layer adds it.
struct HeldMap {
  AlignedBuffer buffer;
  const float* values = nullptr;
};

}  // namespace

struct NetworkRunner::Impl {
  explicit Impl(std::shared_ptr<const Network::Impl> given)
      : network(std::move(given)),
        kept(network->spec.layers.size(), false),
        outputs(network->spec.layers.size()),
        available(network->spec.layers.size(), false),
        shortcut_from(shortcut_sources(network->spec)),
        added_later(network->spec.layers.size(), false),
        held(network->spec.layers.size()) {
    for (const std::size_t source : shortcut_from) {
      if (source != no_shortcut) added_later[source] = true;
    }
  }

  float* start_input(const MapShape& shape);
  Plan& current_plan();
  void extend(Plan& plan, std::size_t last);
  void execute(Plan& plan, std::size_t last);
  void check_layer(std::size_t layer) const;

  std::shared_ptr<const Network::Impl> network;
  detail::Workspace workspace;
  detail::PreparedWeights prepared;
  std::list<Plan> plans;  // the one used last in front

  MapShape input_shape;
  AlignedBuffer input;
  std::array<AlignedBuffer, 2> passing;  // outputs that nobody asked for, in turn
  std::vector<bool> kept;
  std::vector<FeatureMap> outputs;         // of kept layers and the last one
  std::vector<bool> available;             // outputs of the last run
  std::vector<std::size_t> shortcut_from;  // of each layer, no_shortcut where it adds nothing
  std::vector<bool> added_later;           // is a shortcut of some layer
  std::vector<HeldMap> held;               // maps that a later layer adds
};

float* NetworkRunner::Impl::start_input(const MapShape& shape) {
  const int channels = network->spec.layers.front().in_channels;
  if (shape.count < 1 || shape.height < 1 || shape.width < 1 || shape.channels != channels) {
    throw Error(ErrorCode::invalid_argument, "a network of " + std::to_string(channels) +
                                                 " input channels cannot take a " +
                                                 shape_text(shape) + " input");
  }
  available.assign(available.size(), false);
  input_shape = shape;
  return input.reserve(shape.size());
}

Plan& NetworkRunner::Impl::current_plan() {
  const int threads = detail::current_threads();
  const auto found = std::find_if(plans.begin(), plans.end(), [&](const Plan& plan) {
    return plan.input == input_shape && plan.threads == threads;
  });
  if (found != plans.end()) {
    plans.splice(plans.begin(), plans, found);
    return plans.front();
  }
  if (plans.size() == max_plans) plans.pop_back();
  plans.push_front({input_shape, threads, {}});
  return plans.front();
}

void NetworkRunner::Impl::extend(Plan& plan, std::size_t last) {
  while (plan.steps.size() <= last) {
    const std::size_t index = plan.steps.size();
    const Layer& layer = network->spec.layers[index];
    const MapShape shape = index == 0 ? plan.input : plan.steps.back()->output();
    const detail::LayerWeights& weights = network->weights[index];
    try {
      plan.steps.push_back(make_step(
          layer, shape, {index, weights.weight.data(), weights.bias.data()}, prepared, workspace));
    } catch (const dnnl::error& error) {
      throw Error(ErrorCode::unsupported,
                  "layer " + layer.name + " on a " + shape_text(shape) + " map: " + error.what());
    }
  }
}

void NetworkRunner::Impl::execute(Plan& plan, std::size_t last) {
  const float* source = input.reserve(input_shape.size());
  std::size_t turn = 0;
  for (std::size_t index = 0; index <= last; ++index) {
    LayerStep& step = *plan.steps[index];
    const MapShape& shape = step.output();
    float* target = nullptr;
    if (index == last || kept[index]) {
      outputs[index].resize(shape.count, shape.height, shape.width, shape.channels);
      target = outputs[index].values.data();
    } else if (added_later[index]) {
      target = held[index].buffer.reserve(shape.size());
    } else {
      target = passing[turn].reserve(shape.size());
      turn = 1 - turn;
    }
    if (shortcut_from[index] != no_shortcut) {  // the convolution adds to what it finds there
      const std::size_t from = shortcut_from[index];
      if (!(plan.steps[from]->output() == shape)) {
        throw Error(ErrorCode::invalid_argument, "layer " + network->spec.layers[index].name +
                                                     ": a map of " + shape_text(shape) +
                                                     " cannot be added to one of " +
                                                     shape_text(plan.steps[from]->output()));
      }
      std::copy_n(held[from].values, shape.size(), target);
    }
    step.execute(source, target, workspace);
    held[index].values = target;
    available[index] = index == last || kept[index];
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

NetworkRunner::NetworkRunner(const Network& network)
    : impl_(std::make_unique<Impl>(network.impl_)) {
}
NetworkRunner::~NetworkRunner() = default;
NetworkRunner::NetworkRunner(NetworkRunner&&) noexcept = default;

void NetworkRunner::set_input(std::span<const Image> photos) {
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
  float* target =
      impl_->start_input({static_cast<int>(photos.size()), first.height, first.width, 3});
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
  std::copy(input.values.begin(), input.values.end(), impl_->start_input(shape));
}

const float* NetworkRunner::input() const {
  return impl_->input.reserve(impl_->input_shape.size());
}

const FeatureMap& NetworkRunner::run(std::size_t last) {
  impl_->check_layer(last);
  if (impl_->input_shape.count == 0) {
    throw Error(ErrorCode::invalid_argument, "the network has no input yet");
  }
  impl_->available.assign(impl_->available.size(), false);
  Plan& plan = impl_->current_plan();
  impl_->extend(plan, last);
  try {
    impl_->execute(plan, last);
  } catch (const dnnl::error& error) {
    throw Error(ErrorCode::unsupported, std::string("network cannot run: ") + error.what());
  }
  return impl_->outputs[last];
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

}  // namespace facet
