// SPDX-License-Identifier: Apache-2.0
// What a runner prepares for one input shape.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "network/depths_step.hpp"
#include "network/layer_step.hpp"
#include "network/map_values.hpp"

namespace facet::detail {

struct PlannedLayer {
  std::unique_ptr<LayerStep> step;
  DepthsStep* depths = nullptr;        // the step itself, where it reads several depths
  std::optional<Conversion> shortcut;  // of the map it adds, where that is of another type
  std::optional<Conversion> to_f32;    // of its own map, from when that is first asked for

  [[nodiscard]] std::size_t bytes() const {
    return step->output().size() * bytes_a_value(step->output_type());
  }
};

// The steps for one input shape, as far as layer `last`.
struct Plan {
  MapShape input;
  std::size_t last = 0;
  // oneDNN divides the work of a primitive when it is made, by the threads it finds then.
  int threads = 0;
  std::optional<Conversion> input_rounding;  // where maps are not f32
  std::vector<PlannedLayer> layers;
};

constexpr std::size_t no_shortcut = static_cast<std::size_t>(-1);

// The earlier layer that each layer adds; no_shortcut where it adds none.
std::vector<std::size_t> shortcut_sources(const NetworkSpec& spec);

// The layers whose maps a layer of kind depths averages, in their order; none of other layers.
std::vector<std::size_t> depth_sources(const NetworkSpec& spec, std::size_t layer);

// A vector that the next layer passes on beside means: rounding it would cost heads what means of
// many values do not lose.
bool feeds_depths(const NetworkSpec& spec, std::size_t layer);

}  // namespace facet::detail
