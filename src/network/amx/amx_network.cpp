// SPDX-License-Identifier: Apache-2.0
#include "network/amx/amx_network.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "facet/error.hpp"
#include "network/amx/map_conversion.hpp"
#include "network/amx/map_means.hpp"
#include "network/network_plan.hpp"
#include "network/primitive_execution.hpp"

namespace facet::detail {

bool amx_can_run(const NetworkSpec& spec) {
  return std::all_of(spec.layers.begin(), spec.layers.end(), [](const Layer& layer) {
    return layer.kind == LayerKind::convolution || layer.kind == LayerKind::max_pool ||
           layer.kind == LayerKind::depths;
  });
}

std::shared_ptr<const AmxLayers> amx_layers(const NetworkSpec& spec,
                                            std::span<const LayerWeights> weights, int planes,
                                            SharedAmxLayers& shared) {
  std::call_once(shared.once, [&] {
    AmxLayers layers(spec.layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (spec.layers[i].has_weights()) layers[i].emplace(spec.layers[i], weights[i], planes);
    }
    shared.layers = std::make_shared<const AmxLayers>(std::move(layers));
  });
  return shared.layers;
}

namespace {

// For each layer's map which of as few pieces of memory as possible holds it until its last reader
// has run, the one that was read last, and so is in the caches, first.
std::vector<std::size_t> shared_memory(const std::vector<std::size_t>& added,
                                       const std::vector<std::vector<std::size_t>>& depths) {
  std::vector<std::size_t> last_reader(added.size());
  for (std::size_t i = 0; i < added.size(); ++i) {
    last_reader[i] = i + 1;
    if (added[i] != no_shortcut) last_reader[added[i]] = i;
    for (const std::size_t source : depths[i]) last_reader[source] = i;
  }
  std::vector<std::size_t> memory;  // of each map
  std::vector<std::size_t> free;
  std::size_t pieces = 0;
  for (std::size_t i = 0; i < added.size(); ++i) {
    if (free.empty()) free.push_back(pieces++);
    memory.push_back(free.back());
    free.pop_back();
    for (std::size_t map = 0; map < i; ++map) {
      if (last_reader[map] == i) free.push_back(memory[map]);
    }
  }
  return memory;
}

}  // namespace

AmxRunner::AmxRunner(const NetworkSpec& spec, std::shared_ptr<const AmxLayers> layers, int planes)
    : spec_(&spec),
      layers_(std::move(layers)),
      planes_(planes),
      photo_planes_(bytes_are_exact(spec.mean, spec.scale) ? 1 : planes),
      added_(shortcut_sources(*spec_)),
      maps_(spec_->layers.size()) {
  for (std::size_t i = 0; i < maps_.size(); ++i) depths_.push_back(depth_sources(*spec_, i));
  memory_of_ = shared_memory(added_, depths_);
  memory_.resize(*std::max_element(memory_of_.begin(), memory_of_.end()) + 1);
}

void AmxRunner::start_input(const MapShape& shape, int planes) {
  const Layer& reader = spec_->layers.front();
  input_.resize(shape, reader.padding, planes, slack_behind(shape.channels, reader.stride));
}

void AmxRunner::set_input(std::span<const Image> photos) {
  const Image& first = photos.front();
  start_input({static_cast<int>(photos.size()), first.height, first.width, 3}, photo_planes_);
  for (std::size_t n = 0; n < photos.size(); ++n) {
    write_photo_rows(photos[n], 0, first.height, spec_->mean, spec_->scale, input_,
                     static_cast<int>(n));
  }
}

void AmxRunner::set_input(const FeatureMap& input) {
  start_input({input.count, input.height, input.width, input.channels}, planes_);
  write_map(input.values.data(), input_);
}

const float* AmxRunner::input() {
  plain_input_.resize(input_.shape.size());
  read_map(input_, plain_input_.data());
  return plain_input_.data();
}

MapShape AmxRunner::output_shape(std::size_t index) const {
  const Layer& layer = spec_->layers[index];
  const MapShape& shape = index == 0 ? input_.shape : maps_[index - 1].shape;
  return {shape.count, output_side(layer, shape.height), output_side(layer, shape.width),
          layer.channels()};
}

void AmxRunner::run(std::size_t last, const std::vector<bool>& asked_for,
                    std::vector<FeatureMap>& outputs) {
  for (std::size_t index = 0; index <= last; ++index) {
    if (spec_->layers[index].kind == LayerKind::depths) {
      join_depths(index, outputs[index - 1], outputs[index]);
    } else {
      run_layer(index, index == last || feeds_depths(*spec_, index) ? &outputs[index] : nullptr);
    }
    if (index == last) continue;
    if (yields_floats(index)) {
      write_map(outputs[index].values.data(), start_map(index, output_shape(index)));
    } else if (asked_for[index]) {
      const MapShape& shape = maps_[index].shape;
      outputs[index].resize(shape.count, shape.height, shape.width, shape.channels);
      read_map(maps_[index], outputs[index].values.data());
    }
  }
}

bool AmxRunner::yields_floats(std::size_t index) const {
  return spec_->layers[index].kind == LayerKind::depths || feeds_depths(*spec_, index);
}

Bf16Map& AmxRunner::start_map(std::size_t index, const MapShape& shape) {
  const Layer& reader = spec_->layers[index + 1];
  maps_[index].resize_in(memory_[memory_of_[index]], shape, reader.is_pool() ? 0 : reader.padding,
                         planes_, slack_behind(shape.channels, reader.stride));
  return maps_[index];
}

void AmxRunner::join_depths(std::size_t index, const FeatureMap& before, FeatureMap& output) {
  const MapShape shape = output_shape(index);  // throws where `before` is more than one place
  output.resize(shape.count, shape.height, shape.width, shape.channels);
  const auto size = static_cast<std::size_t>(before.channels);
  for (int n = 0; n < shape.count; ++n) {
    const float* from = before.at(n, 0, 0);
    std::span<float> vector(output.values.data() + (output.at(n, 0, 0) - output.values.data()),
                            static_cast<std::size_t>(shape.channels));
    std::copy(from, from + size, vector.begin());
    vector = vector.subspan(size);
    for (const std::size_t source : depths_[index]) {
      const auto channels = static_cast<std::size_t>(maps_[source].shape.channels);
      average_map(maps_[source], n, vector.first(channels));
      vector = vector.subspan(channels);
    }
  }
}

void AmxRunner::run_layer(std::size_t index, FeatureMap* output) {
  const Layer& layer = spec_->layers[index];
  const MapShape shape = output_shape(index);
  const Bf16Map& source = index == 0 ? input_ : maps_[index - 1];
  const Bf16Map* added = added_[index] == no_shortcut ? nullptr : &maps_[added_[index]];
  if (added != nullptr && !(added->shape == shape)) {
    throw Error(ErrorCode::invalid_argument, "layer " + layer.name + ": a map of " +
                                                 shape_text(shape) + " cannot be added to one of " +
                                                 shape_text(added->shape));
  }
  AmxTarget target;
  if (output != nullptr) {
    output->resize(shape.count, shape.height, shape.width, shape.channels);
    target.values = output->values.data();
  } else {
    target.map = &start_map(index, shape);
  }
  if (layer.is_pool()) {
    pool_maximum(layer, source, shape, target, current_threads());
  } else {
    convolve(*(*layers_)[index], source, added, shape, target, current_threads());
  }
}

}  // namespace facet::detail
