// SPDX-License-Identifier: Apache-2.0
// What a runner prepares for one input shape.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "network/layer_step.hpp"
#include "network/map_values.hpp"

namespace facet::detail {

struct PlannedLayer {
  std::unique_ptr<LayerStep> step;
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

}  // namespace facet::detail
