// SPDX-License-Identifier: Apache-2.0
#include "augment/appearance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace facet::detail {
namespace {

using Colour = std::array<float, 3>;

std::uint8_t byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

float log_between(Random& random, float low, float high) {
  return std::exp(random.uniform(std::log(low), std::log(high)));
}

std::size_t pixels_of(int side) {
  return static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
}

// value × gain + offset, a channel each.
void scale_channels(std::uint8_t* view, int side, const Colour& gain, const Colour& offset) {
  std::array<std::array<std::uint8_t, 256>, 3> table{};
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t v = 0; v < 256; ++v) {
      table[c][v] = byte(static_cast<float>(v) * gain[c] + offset[c]);
    }
  }
  for (std::size_t i = 0; i < pixels_of(side); ++i, view += 3) {
    for (std::size_t c = 0; c < 3; ++c) view[c] = table[c][view[c]];
  }
}

void expose(std::uint8_t* view, int side, float gain) {
  scale_channels(view, side, {gain, gain, gain}, {});
}

void lower_contrast(std::uint8_t* view, int side, Random& random) {
  const float gain = log_between(random, 0.2F, 0.8F);
  const float offset = (1 - gain) * random.uniform(60, 200);
  scale_channels(view, side, {gain, gain, gain}, {offset, offset, offset});
}

void add_haze(std::uint8_t* view, int side, Random& random) {
  const float share = random.uniform(0.3F, 0.85F);
  const float light = random.uniform(170, 250);
  Colour offset;
  for (float& channel : offset) channel = share * (light + random.uniform(-10, 10));
  const float gain = 1 - share;
  scale_channels(view, side, {gain, gain, gain}, offset);
}

void colour_light(std::uint8_t* view, int side, Random& random) {
  Colour gain;
  for (float& channel : gain) channel = log_between(random, 0.1F, 1);
  // One channel, or two, of full strength.
  gain[random.below(3)] = random.uniform(0.8F, 1.1F);
  if (random.chance(0.3F)) gain[random.below(3)] = random.uniform(0.5F, 1.0F);
  scale_channels(view, side, gain, {});
}

void put_under_water(std::uint8_t* view, int side, Random& random) {
  const float share = random.uniform(0.1F, 0.5F);
  const Colour water = {random.uniform(0, 40), random.uniform(70, 150), random.uniform(90, 180)};
  Colour gain = {random.uniform(0.08F, 0.45F), random.uniform(0.5F, 0.95F),
                 random.uniform(0.6F, 1.0F)};
  Colour offset;
  for (std::size_t c = 0; c < 3; ++c) {
    gain[c] *= 1 - share;
    offset[c] = share * water[c];
  }
  scale_channels(view, side, gain, offset);
}

// Multiplied by a gain that goes from one side to the other, or from a dark middle outwards.
void light_unevenly(std::uint8_t* view, int side, bool from_behind, Random& random) {
  const float dark = log_between(random, 0.12F, 0.6F);
  const float bright = from_behind ? random.uniform(1.0F, 2.0F) : random.uniform(0.9F, 1.3F);
  const float angle = random.uniform(0, 6.2831853F);
  const float across = std::cos(angle);
  const float down = std::sin(angle);
  const float steepness = random.uniform(0.8F, 3.0F);
  const float middle_x = random.uniform(0.25F, 0.75F);
  const float middle_y = random.uniform(0.3F, 0.8F);
  const float reach = random.uniform(0.2F, 0.45F);
  for (int y = 0; y < side; ++y) {
    const float v = (static_cast<float>(y) + 0.5F) / static_cast<float>(side);
    for (int x = 0; x < side; ++x, view += 3) {
      const float u = (static_cast<float>(x) + 0.5F) / static_cast<float>(side);
      const float along = from_behind ? (std::hypot(u - middle_x, v - middle_y) / reach - 1) * 2
                                      : ((u - 0.5F) * across + (v - 0.5F) * down) * 2 * steepness;
      const float share = 1 / (1 + std::exp(-2 * along));
      const float gain = dark + (bright - dark) * share;
      for (int c = 0; c < 3; ++c) view[c] = byte(static_cast<float>(view[c]) * gain);
    }
  }
}

void change_gamma(std::uint8_t* view, int side, Random& random) {
  const float gamma = log_between(random, 0.4F, 2.8F);
  std::array<std::uint8_t, 256> table{};
  for (std::size_t v = 0; v < 256; ++v) {
    table[v] = byte(255 * std::pow(static_cast<float>(v) / 255, gamma));
  }
  for (std::size_t i = 0; i < pixels_of(side) * 3; ++i) view[i] = table[view[i]];
}

// One channel of bytes, bilinear between pixels, `zoom` times as large.
using Plane = std::vector<float>;

Plane enlarge_grey(const std::uint8_t* view, int side, int zoom) {
  Plane grey(pixels_of(side));
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const std::uint8_t* p = view + i * 3;
    grey[i] = 0.3F * static_cast<float>(p[0]) + 0.59F * static_cast<float>(p[1]) +
              0.11F * static_cast<float>(p[2]);
  }
  const int large = side * zoom;
  Plane plane(pixels_of(large));
  for (int y = 0; y < large; ++y) {
    const float v = std::clamp((static_cast<float>(y) + 0.5F) / static_cast<float>(zoom) - 0.5F,
                               0.0F, static_cast<float>(side) - 1.001F);
    const int top = static_cast<int>(v);
    for (int x = 0; x < large; ++x) {
      const float u = std::clamp((static_cast<float>(x) + 0.5F) / static_cast<float>(zoom) - 0.5F,
                                 0.0F, static_cast<float>(side) - 1.001F);
      const int left = static_cast<int>(u);
      const float fx = u - static_cast<float>(left);
      const float fy = v - static_cast<float>(top);
      const float* at = grey.data() + static_cast<std::ptrdiff_t>(top) * side + left;
      plane[static_cast<std::size_t>(y) * static_cast<std::size_t>(large) +
            static_cast<std::size_t>(x)] = (at[0] * (1 - fx) + at[1] * fx) * (1 - fy) +
                                           (at[side] * (1 - fx) + at[side + 1] * fx) * fy;
    }
  }
  return plane;
}

void shrink_into(const Plane& plane, int zoom, const Colour& paper, std::uint8_t* view, int side) {
  const int large = side * zoom;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x, view += 3) {
      float sum = 0;
      for (int dy = 0; dy < zoom; ++dy) {
        for (int dx = 0; dx < zoom; ++dx) {
          sum += plane[static_cast<std::size_t>(y * zoom + dy) * static_cast<std::size_t>(large) +
                       static_cast<std::size_t>(x * zoom + dx)];
        }
      }
      const float share = sum / (255 * static_cast<float>(zoom * zoom));
      for (std::size_t c = 0; c < 3; ++c) view[c] = byte(share * paper[c]);
    }
  }
}

void blur_plane(Plane& plane, int side, int radius) {
  Plane other(plane.size());
  for (int pass = 0; pass < 2; ++pass) {  // along rows, written turned; twice is both ways
    for (int y = 0; y < side; ++y) {
      const float* row = plane.data() + static_cast<std::ptrdiff_t>(y) * side;
      float sum = 0;
      for (int k = -radius; k <= radius; ++k) sum += row[std::clamp(k, 0, side - 1)];
      for (int x = 0; x < side; ++x) {
        other[static_cast<std::size_t>(x) * static_cast<std::size_t>(side) +
              static_cast<std::size_t>(y)] = sum / static_cast<float>(2 * radius + 1);
        sum += row[std::min(x + radius + 1, side - 1)] - row[std::max(x - radius, 0)];
      }
    }
    plane.swap(other);
  }
}

// Grey divided by its blurred self: what is left are lines.
void pencil(Plane& plane, int side, Random& random) {
  Plane soft = plane;
  const int radius = 1 + static_cast<int>(random.below(4));
  blur_plane(soft, side, radius);
  if (random.chance(0.5F)) blur_plane(soft, side, radius);
  const float strength = random.uniform(1.0F, 2.5F);
  for (std::size_t i = 0; i < plane.size(); ++i) {
    const float ratio = std::min(1.0F, (plane[i] + 4) / (soft[i] + 4));
    plane[i] = 255 * std::pow(ratio, strength);
  }
}

void dots_in_order(Plane& plane, int side) {
  constexpr std::array<int, 16> kBayer = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      float& value = plane[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                           static_cast<std::size_t>(x)];
      const auto cell = static_cast<std::size_t>((y & 3) * 4 + (x & 3));
      value = value > (static_cast<float>(kBayer[cell]) + 0.5F) * 16 ? 255.0F : 0.0F;
    }
  }
}

void diffuse_errors(Plane& plane, int side) {  // Floyd and Steinberg
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      float* at = plane.data() + static_cast<std::ptrdiff_t>(y) * side + x;
      const float ink = *at > 127.5F ? 255.0F : 0.0F;
      const float error = (*at - ink) / 16;
      *at = ink;
      if (x + 1 < side) at[1] += 7 * error;
      if (y + 1 == side) continue;
      if (x > 0) at[side - 1] += 3 * error;
      at[side] += 5 * error;
      if (x + 1 < side) at[side + 1] += error;
    }
  }
}

void draw_in_ink(std::uint8_t* view, int side, Random& random) {
  const int zoom = 1 + static_cast<int>(random.below(3));
  Plane plane = enlarge_grey(view, side, zoom);
  const float kind = random.uniform();
  if (kind < 0.5F) {
    pencil(plane, side * zoom, random);
  } else if (kind < 0.7F) {
    dots_in_order(plane, side * zoom);
  } else {
    diffuse_errors(plane, side * zoom);
  }
  Colour paper = {255, 255, 255};
  if (random.chance(0.2F)) {
    for (float& channel : paper) channel = random.uniform(190, 255);
  }
  shrink_into(plane, zoom, paper, view, side);
}

void keep_few_levels(std::uint8_t* view, int side, Random& random) {
  const auto levels = static_cast<float>(2 + random.below(5));
  for (std::size_t i = 0; i < pixels_of(side) * 3; ++i) {
    const float level = std::round(static_cast<float>(view[i]) / 255 * (levels - 1));
    view[i] = byte(level * 255 / (levels - 1));
  }
}

void blur(std::uint8_t* view, int side, Random& random) {
  const int radius = 1 + static_cast<int>(random.below(2));
  Plane plane(pixels_of(side));
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < plane.size(); ++i) {
      plane[i] = static_cast<float>(view[i * 3 + c]);
    }
    blur_plane(plane, side, radius);
    for (std::size_t i = 0; i < plane.size(); ++i) view[i * 3 + c] = byte(plane[i]);
  }
}

void add_noise(std::uint8_t* view, int side, Random& random) {
  const float strength = log_between(random, 4, 40);
  const bool grey = random.chance(0.5F);
  for (std::size_t i = 0; i < pixels_of(side); ++i, view += 3) {
    float noise = random.normal() * strength;
    for (int c = 0; c < 3; ++c) {
      if (!grey && c > 0) noise = random.normal() * strength;
      view[c] = byte(static_cast<float>(view[c]) + noise);
    }
  }
}

}  // namespace

void change_light(std::uint8_t* view, int side, Random& random) {
  switch (random.below(10)) {
    case 0:
    case 1:
      return expose(view, side, log_between(random, 0.12F, 0.7F));
    case 2:
      return expose(view, side, random.uniform(1.2F, 2.2F));
    case 3:
      return lower_contrast(view, side, random);
    case 4:
      return add_haze(view, side, random);
    case 5:
      return colour_light(view, side, random);
    case 6:
      return put_under_water(view, side, random);
    case 7:
      return light_unevenly(view, side, false, random);
    case 8:
      return light_unevenly(view, side, true, random);
    default:
      return change_gamma(view, side, random);
  }
}

void change_rendering(std::uint8_t* view, int side, Random& random) {
  const float kind = random.uniform();
  if (kind < 0.55F) return draw_in_ink(view, side, random);
  if (kind < 0.65F) return keep_few_levels(view, side, random);
  if (kind < 0.85F) return blur(view, side, random);
  add_noise(view, side, random);
}

}  // namespace facet::detail
