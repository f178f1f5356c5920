// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/response_sums.hpp"

#include <algorithm>
#include <cmath>

namespace facet::detail {

ResponseSums::ResponseSums(const ScaleMap& map)
    : width_(map.width),
      height_(map.height),
      left_(map.first_x - map.step / 2),
      top_(map.first_y - map.step / 2),
      step_(map.step),
      sums_(static_cast<std::size_t>(width_ + 1) * static_cast<std::size_t>(height_ + 1)) {
  const auto row = static_cast<std::size_t>(width_ + 1);
  std::size_t cell = 0;
  for (std::size_t y = 1; y <= static_cast<std::size_t>(height_); ++y) {
    double in_row = 0;
    for (std::size_t x = 1; x < row; ++x) {
      in_row += map.values[cell++];
      sums_[y * row + x] = sums_[(y - 1) * row + x] + in_row;
    }
  }
}

double ResponseSums::before(double x, double y) const {
  const double u = std::clamp(x, 0.0, static_cast<double>(width_));
  const double v = std::clamp(y, 0.0, static_cast<double>(height_));
  const int column = std::min(static_cast<int>(u), width_ - 1);
  const int line = std::min(static_cast<int>(v), height_ - 1);
  const auto row = static_cast<std::size_t>(width_ + 1);
  const double* upper = sums_.data() + static_cast<std::size_t>(line) * row + column;
  const double* lower = upper + row;
  return std::lerp(std::lerp(upper[0], upper[1], u - column),
                   std::lerp(lower[0], lower[1], u - column), v - line);
}

float ResponseSums::inside(const Box& window) const {
  if (width_ == 0 || height_ == 0) return 0;
  const double left = (window.x - left_) / step_;
  const double top = (window.y - top_) / step_;
  const double right = left + window.width / step_;
  const double bottom = top + window.height / step_;
  const double sum =
      before(right, bottom) - before(left, bottom) - before(right, top) + before(left, top);
  return static_cast<float>(sum * step_ * step_);
}

}  // namespace facet::detail
