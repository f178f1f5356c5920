// SPDX-License-Identifier: Apache-2.0
// Rectangles in the pixels of an upright photo.
#pragma once

#include <algorithm>

namespace facet {

// (x, y) is the top left corner; x grows to the right, y downwards; sizes are >= 0.
// Fractions of a pixel are meaningful: a box covers [x, x + width) × [y, y + height).
struct Box {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;

  [[nodiscard]] float area() const { return width * height; }
  [[nodiscard]] float centre_x() const { return x + width / 2; }
  [[nodiscard]] float centre_y() const { return y + height / 2; }
  friend bool operator==(const Box&, const Box&) = default;
};

inline Box intersection(const Box& a, const Box& b) {
  const float left = std::max(a.x, b.x);
  const float top = std::max(a.y, b.y);
  const float right = std::min(a.x + a.width, b.x + b.width);
  const float bottom = std::min(a.y + a.height, b.y + b.height);
  return {left, top, std::max(0.0F, right - left), std::max(0.0F, bottom - top)};
}

// Intersection over union, 0…1; 0 where both are empty.
inline float overlap(const Box& a, const Box& b) {
  const float common = intersection(a, b).area();
  const float all = a.area() + b.area() - common;
  return all > 0 ? common / all : 0.0F;
}

// The part of the box that lies inside a photo of the given size.
inline Box clip(const Box& box, float width, float height) {
  return intersection(box, {0, 0, width, height});
}

}  // namespace facet
