// SPDX-License-Identifier: Apache-2.0
#include "localise/touching_faces.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr float kGap = 0.1F;       // of the boxes' mean side
constexpr float kLikeSize = 1.6F;  // the larger one's height in the smaller one's
constexpr float kAround = 1.5F;    // heights of the largest face, from its box
constexpr float kCovered = 0.8F;   // of a box's sides: its neighbours stay whole
constexpr float kSmaller = 0.6F;   // a hidden face's height in its smallest neighbour's
constexpr std::uint8_t kGrey = 128;

float gap(float first, float first_size, float second, float second_size) {
  return std::max(first, second) - std::min(first + first_size, second + second_size);
}

void cover(Image& part, const Box& face) {
  const Box middle{face.centre_x() - kCovered * face.width / 2,
                   face.centre_y() - kCovered * face.height / 2, kCovered * face.width,
                   kCovered * face.height};
  const Box inside = clip(middle, static_cast<float>(part.width), static_cast<float>(part.height));
  const auto left = static_cast<int>(std::lround(inside.x));
  const auto right = static_cast<int>(std::lround(inside.x + inside.width));
  const auto bottom = static_cast<int>(std::lround(inside.y + inside.height));
  if (right <= left) return;
  for (auto y = static_cast<int>(std::lround(inside.y)); y < bottom; ++y) {
    std::uint8_t* row = part.row(y);
    std::fill(row + static_cast<std::ptrdiff_t>(left) * 3,
              row + static_cast<std::ptrdiff_t>(right) * 3, kGrey);
  }
}

// Grows `all` so that it holds `box`.
void include(Box& all, const Box& box) {
  if (all.area() == 0) {
    all = box;
    return;
  }
  const float right = std::max(all.x + all.width, box.x + box.width);
  const float bottom = std::max(all.y + all.height, box.y + box.height);
  all.x = std::min(all.x, box.x);
  all.y = std::min(all.y, box.y);
  all.width = right - all.x;
  all.height = bottom - all.y;
}

}  // namespace

bool touch(const Box& a, const Box& b) {
  const float larger = std::max(a.height, b.height);
  if (larger > kLikeSize * std::min(a.height, b.height)) return false;
  return gap(a.x, a.width, b.x, b.width) <= kGap * (a.width + b.width) / 2 &&
         gap(a.y, a.height, b.y, b.height) <= kGap * (a.height + b.height) / 2;
}

std::optional<CoveredPart> cover_touching(const ImageView& photo, const std::vector<Box>& faces) {
  Box around;
  float smallest = 0;
  float largest = 0;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const bool touches = std::any_of(faces.begin(), faces.end(), [&](const Box& other) {
      return &other != &faces[i] && touch(other, faces[i]);
    });
    if (!touches) continue;
    include(around, faces[i]);
    smallest = smallest == 0 ? faces[i].height : std::min(smallest, faces[i].height);
    largest = std::max(largest, faces[i].height);
  }
  if (around.area() == 0) return std::nullopt;
  const float margin = kAround * largest;
  const Box wide = clip(
      {around.x - margin, around.y - margin, around.width + 2 * margin, around.height + 2 * margin},
      static_cast<float>(photo.width), static_cast<float>(photo.height));
  CoveredPart part;
  part.x = std::floor(wide.x);
  part.y = std::floor(wide.y);
  const auto width = static_cast<int>(std::ceil(wide.x + wide.width - part.x));
  const auto height = static_cast<int>(std::ceil(wide.y + wide.height - part.y));
  part.image =
      resample(photo, {part.x, part.y, static_cast<float>(width), static_cast<float>(height)},
               width, height);
  for (const Box& face : faces) {
    cover(part.image, {face.x - part.x, face.y - part.y, face.width, face.height});
  }
  part.least_height = kSmaller * smallest;
  return part;
}

}  // namespace facet::detail
