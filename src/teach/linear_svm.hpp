// SPDX-License-Identifier: Apache-2.0
// Linear support vector machines (LIBLINEAR), one an attribute (paper 3.2).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace facet::detail {

// Feature vectors in LIBLINEAR's sparse form, shared by the problems of all attributes. Features
// are divided by their standard deviation, so that one C serves all, however large they are; their
// mean is taken from those that are seldom zero (means over a map far from it, beside which their
// differences would be lost). The planes that come out are for the features as they went in.
class SvmFeatures {
 public:
  // rows × features, row-major.
  SvmFeatures(std::span<const float> values, int features);
  ~SvmFeatures();
  SvmFeatures(SvmFeatures&&) noexcept;

  [[nodiscard]] int rows() const;
  [[nodiscard]] int features() const;

  struct Plane {
    std::vector<float> weight;
    float bias = 0;
  };
  // L2-regularised L2-loss SVM, solved in the primal. `targets`: 1 or 0 a row, -1 leaves the row
  // out. Both classes must occur. `cost` is divided by the number of rows used. Thread-safe.
  [[nodiscard]] Plane train(std::span<const std::int8_t> targets, double cost) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
