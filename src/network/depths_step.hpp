// SPDX-License-Identifier: Apache-2.0
// Several depths of a network as one vector (LayerKind::depths).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "network/layer_step.hpp"

namespace facet::detail {

// Adds `places` vectors, which lie one after another, to `sums`.
void add_vectors(const float* values, std::size_t places, std::span<float> sums);
void add_vectors(const std::uint16_t* values, std::size_t places, std::span<float> sums);  // bf16

struct TypedShape {
  MapShape shape;
  ValueType type = ValueType::f32;
};

class DepthsStep final : public LayerStep {
 public:
  // `before`: of the vector that comes first; `averaged`: the maps behind it, of as many images.
  DepthsStep(const TypedShape& before, std::vector<TypedShape> averaged, ValueType output_type);

  // Where the next execute() finds averaged map number `i`, NHWC.
  void read(std::size_t i, const void* map) { read_[i] = map; }
  void execute(const void* input, void* output, Workspace& workspace) override;

 private:
  void fill_image(const void* input, int n, std::span<float> vector) const;

  TypedShape before_;
  std::vector<TypedShape> averaged_;
  std::vector<const void*> read_;
  std::vector<float> rounded_;  // the vectors before they are
};

}  // namespace facet::detail
