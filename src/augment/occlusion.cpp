// SPDX-License-Identifier: Apache-2.0
#include "augment/occlusion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace facet::detail {
namespace {

constexpr float kFaceWidth = 0.75F;  // of its height
constexpr std::uint8_t kBeyond = 128;

// A rectangle on a face, in face heights from its centre, along the face.
struct Cover {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
  float roundness = 0;  // 0: corners, 1: an ellipse
};

Cover choose_cover(Random& random) {
  const auto around = [&random](float value) { return value + random.uniform(-0.05F, 0.05F); };
  const float half = kFaceWidth / 2;
  switch (random.below(6)) {
    case 0:  // lower half, and whatever is below
      return {around(-0.6F), around(0.0F), around(0.6F), around(0.75F), 0};
    case 1:  // a side
      return random.chance(0.5F) ? Cover{around(-0.7F), around(-0.7F), around(0), around(0.7F), 0}
                                 : Cover{around(0), around(-0.7F), around(0.7F), around(0.7F), 0};
    case 2:  // a mask over nose, mouth and chin
      return {around(-half), around(0.05F), around(half), around(0.5F), random.uniform(0, 0.8F)};
    case 3:  // dark glasses
      return {around(-half), around(-0.25F), around(half), around(-0.02F), random.uniform(0, 0.6F)};
    case 4:  // upper part: a hat, a fringe
      return {around(-0.6F), around(-0.8F), around(0.6F), around(-0.25F), random.uniform(0, 0.4F)};
    default: {
      const float width = random.uniform(0.15F, 0.6F);
      const float height = random.uniform(0.15F, 0.6F);
      const float x = random.uniform(-half, half);
      const float y = random.uniform(-0.5F, 0.5F);
      return {x - width / 2, y - height / 2, x + width / 2, y + height / 2, random.uniform()};
    }
  }
}

struct Cloth {
  std::array<float, 3> colour{};
  std::array<float, 3> second{};
  float period = 0;  // of stripes in pixels; 0: plain
  float noise = 0;
  int from_x = 0;  // where the covering pixels are taken from, if `copied`
  int from_y = 0;
  bool copied = false;
};

Cloth choose_cloth(Random& random, int side) {
  Cloth cloth;
  const float kind = random.uniform();
  const float grey = random.uniform(0, 255);
  for (std::size_t c = 0; c < 3; ++c) {
    cloth.colour[c] = kind < 0.4F ? grey : random.uniform(0, 255);
    cloth.second[c] = random.uniform(0, 255);
  }
  if (random.chance(0.2F)) cloth.period = random.uniform(2, 10);
  if (random.chance(0.3F)) cloth.noise = random.uniform(3, 50);
  cloth.copied = random.chance(0.2F);
  cloth.from_x = static_cast<int>(random.below(static_cast<std::uint64_t>(side)));
  cloth.from_y = static_cast<int>(random.below(static_cast<std::uint64_t>(side)));
  return cloth;
}

bool covers(const Cover& cover, float u, float v) {
  if (u < cover.left || u > cover.right || v < cover.top || v > cover.bottom) return false;
  const float a = 2 * (u - cover.left) / (cover.right - cover.left) - 1;
  const float b = 2 * (v - cover.top) / (cover.bottom - cover.top) - 1;
  return cover.roundness <= 0 ||
         cover.roundness * (a * a + b * b - 1) <=
             (1 - cover.roundness) * (1 - std::max(std::abs(a), std::abs(b)));
}

}  // namespace

void hide_part(std::uint8_t* view, int side, const FaceInView& face, Random& random) {
  const Cover cover = choose_cover(random);
  const Cloth cloth = choose_cloth(random, side);
  const std::vector<std::uint8_t> before(view, view + static_cast<std::ptrdiff_t>(side) * side * 3);
  const float cosine = std::cos(face.angle);
  const float sine = std::sin(face.angle);
  const float reach = 1.2F * face.height;
  const auto bound = [side](float place) { return std::clamp(static_cast<int>(place), 0, side); };
  for (int y = bound(face.y - reach); y < bound(face.y + reach + 1); ++y) {
    for (int x = bound(face.x - reach); x < bound(face.x + reach + 1); ++x) {
      const float dx = (static_cast<float>(x) + 0.5F - face.x) / face.height;
      const float dy = (static_cast<float>(y) + 0.5F - face.y) / face.height;
      const float u = cosine * dx + sine * dy;
      const float v = -sine * dx + cosine * dy;
      if (!covers(cover, u, v)) continue;
      std::uint8_t* pixel = view + (static_cast<std::ptrdiff_t>(y) * side + x) * 3;
      if (cloth.copied) {
        const std::ptrdiff_t from = static_cast<std::ptrdiff_t>((y + cloth.from_y) % side) * side +
                                    (x + cloth.from_x) % side;
        std::copy_n(before.data() + from * 3, 3, pixel);
        continue;
      }
      const bool second = cloth.period > 0 &&
                          std::fmod(std::abs(u + v) * face.height, cloth.period) < cloth.period / 2;
      const float noise = cloth.noise > 0 ? random.normal() * cloth.noise : 0.0F;
      for (std::size_t c = 0; c < 3; ++c) {
        const float value = (second ? cloth.second[c] : cloth.colour[c]) + noise;
        pixel[c] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
      }
    }
  }
}

void cut_close(std::uint8_t* view, int side, const FaceInView& face, Random& random) {
  const float share = random.uniform(0.65F, 1.1F);
  const float wide = random.chance(0.3F) ? random.uniform(1.0F, 1.5F) : 1.0F;
  const float width = share * kFaceWidth * wide * face.height;
  const float height = share * face.height;
  const float x = face.x + random.uniform(-0.06F, 0.06F) * face.height;
  const float y = face.y + random.uniform(-0.06F, 0.06F) * face.height;
  const auto bound = [side](float place) {
    return std::clamp(static_cast<int>(std::lround(place)), 0, side - 1);
  };
  const int left = bound(x - width / 2);
  const int right = std::max(left, bound(x + width / 2));
  const int top = bound(y - height / 2);
  const int bottom = std::max(top, bound(y + height / 2));
  const int margin = random.chance(0.4F) ? side : static_cast<int>(random.below(12));
  const std::vector<std::uint8_t> before(view, view + static_cast<std::ptrdiff_t>(side) * side * 3);
  for (int row = 0; row < side; ++row) {
    const int from_y = std::clamp(row, top, bottom);
    for (int column = 0; column < side; ++column, view += 3) {
      const int from_x = std::clamp(column, left, right);
      if (std::max(std::abs(row - from_y), std::abs(column - from_x)) > margin) {
        std::fill_n(view, 3, kBeyond);
        continue;
      }
      std::copy_n(before.data() + (static_cast<std::ptrdiff_t>(from_y) * side + from_x) * 3, 3,
                  view);
    }
  }
}

}  // namespace facet::detail
