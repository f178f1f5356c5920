// SPDX-License-Identifier: Apache-2.0
#include "pack/photo_view.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace facet::detail {
namespace {

constexpr int kOne = 256;  // places and weights have eight binary digits

// Three channels in lanes of 16 bits: a weighted sum of pixels is a few integer operations.
using Lanes = std::uint64_t;
constexpr Lanes kLaneBytes = 0x000000FF00FF00FFU;
constexpr Lanes kHalf = 0x0000008000800080U;
constexpr Lanes kTwo = 0x0000000200020002U;
constexpr Lanes kGrey = 0x0000008000800080U;

Lanes load(const std::uint8_t* pixel) {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, pixel, 4);  // rasters end with a spare byte
  return (bytes & 0xFFU) | (static_cast<Lanes>(bytes & 0xFF00U) << 8) |
         (static_cast<Lanes>(bytes & 0xFF0000U) << 16);
}

struct Sampler {
  Sampler(const Raster& given, Outside around)
      : raster(given),
        limit_x((given.width - 1) * kOne),
        limit_y((given.height - 1) * kOne),
        last_x(std::max(0, given.width - 2)),
        last_y(std::max(0, given.height - 2)),
        right(given.width > 1 ? 3 : 0),
        down(given.height > 1 ? given.width * 3 : 0),
        outside(around) {}

  // The bilinear sample at a place of the raster in 1/256 pixels from the first pixel's centre.
  [[nodiscard]] Lanes at(int x, int y) const {
    if (outside == Outside::grey &&
        (x < -kOne / 2 || y < -kOne / 2 || x > limit_x + kOne / 2 || y > limit_y + kOne / 2)) {
      return kGrey;
    }
    x = std::clamp(x, 0, limit_x);
    y = std::clamp(y, 0, limit_y);
    const int x0 = std::min(x >> 8, last_x);
    const int y0 = std::min(y >> 8, last_y);
    const auto fx = static_cast<unsigned>(x - x0 * kOne);
    const auto fy = static_cast<unsigned>(y - y0 * kOne);
    const unsigned both = fx * fy >> 8;
    const std::uint8_t* pixel = raster.at(x0, y0);
    const Lanes sum = load(pixel) * (kOne - fx - fy + both) + load(pixel + right) * (fx - both) +
                      load(pixel + down) * (fy - both) + load(pixel + right + down) * both;
    return ((sum + kHalf) >> 8) & kLaneBytes;
  }

  const Raster& raster;
  int limit_x;
  int limit_y;
  int last_x;
  int last_y;
  int right;  // bytes to the neighbours
  int down;
  Outside outside;
};

void store(Lanes lanes, std::uint8_t* pixel) {
  pixel[0] = static_cast<std::uint8_t>(lanes);
  pixel[1] = static_cast<std::uint8_t>(lanes >> 16);
  pixel[2] = static_cast<std::uint8_t>(lanes >> 32);
}

}  // namespace

void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 std::uint8_t* out) {
  render_view(photo, geometry, side, outside, {0, 0, side, side}, out);
}

void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 const Region& region, std::uint8_t* out) {
  int level = 0;
  while (level + 1 < static_cast<int>(photo.levels.size()) &&
         geometry.scale >= static_cast<float>(2 << level)) {
    ++level;
  }
  const Raster& raster = photo.levels[static_cast<std::size_t>(level)];
  const Sampler sampler(raster, outside);
  // From photo pixels to 1/256 pixels of the level. Not by the ratio of the widths: halving drops
  // an odd column, and what is left does not move.
  const float unit = static_cast<float>(kOne) / static_cast<float>(1 << level);
  const float residual = geometry.scale / static_cast<float>(1 << level);
  const bool average = residual > 1.15F;
  const float cosine = std::cos(geometry.rotation) * geometry.scale * unit;
  const float sine = std::sin(geometry.rotation) * geometry.scale * unit;
  const float flip = geometry.mirrored ? -1.0F : 1.0F;
  const float half = static_cast<float>(side) / 2;
  const float origin_x = geometry.centre_x * unit - kOne / 2;
  const float origin_y = geometry.centre_y * unit - kOne / 2;
  // A quarter of a view pixel to the right and down, in the level.
  const int right_x = static_cast<int>(flip * cosine / 4);
  const int right_y = static_cast<int>(flip * sine / 4);
  const int down_x = static_cast<int>(-sine / 4);
  const int down_y = static_cast<int>(cosine / 4);
  for (int y = region.top; y < region.bottom; ++y) {
    std::uint8_t* pixel = out + static_cast<std::ptrdiff_t>(y * side + region.left) * 3;
    const float vy = static_cast<float>(y) + 0.5F - half;
    for (int x = region.left; x < region.right; ++x, pixel += 3) {
      const float vx = flip * (static_cast<float>(x) + 0.5F - half);
      const int at_x = static_cast<int>(origin_x + cosine * vx - sine * vy);
      const int at_y = static_cast<int>(origin_y + sine * vx + cosine * vy);
      if (!average) {
        store(sampler.at(at_x, at_y), pixel);
        continue;
      }
      const Lanes sum = sampler.at(at_x - right_x - down_x, at_y - right_y - down_y) +
                        sampler.at(at_x + right_x - down_x, at_y + right_y - down_y) +
                        sampler.at(at_x - right_x + down_x, at_y - right_y + down_y) +
                        sampler.at(at_x + right_x + down_x, at_y + right_y + down_y);
      store((sum + kTwo) >> 2, pixel);
    }
  }
}

}  // namespace facet::detail
