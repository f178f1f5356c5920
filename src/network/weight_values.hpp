// SPDX-License-Identifier: Apache-2.0
// The weights of a layer, perhaps still as the halves of a model file.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/file_bytes.hpp"

namespace facet::detail {

// Immutable; any number of threads may read one.
class WeightValues {
 public:
  WeightValues() = default;
  explicit WeightValues(std::vector<float> values) : floats_(std::move(values)) {}
  explicit WeightValues(SharedBytes halves)
      : halves_(std::move(halves)), widened_(std::make_unique<std::once_flag>()) {}

  [[nodiscard]] std::size_t size() const;
  // All of them. Halves become floats when they are first asked for, and stay both.
  [[nodiscard]] const std::vector<float>& floats() const;
  // Values from `first` on, without keeping them.
  void read(std::size_t first, std::span<float> values) const;

 private:
  SharedBytes halves_;
  mutable std::vector<float> floats_;
  std::unique_ptr<std::once_flag> widened_;  // none where there are no halves
};

}  // namespace facet::detail
