// SPDX-License-Identifier: Apache-2.0
#include "view.hpp"

#include <algorithm>
#include <array>

namespace facet::training {

void relight(std::uint8_t* pixels, std::size_t count, const Light& light, Random& random) {
  const float brightness = random.uniform(-light.brightness, light.brightness) * 255.0F;
  const float contrast = 1.0F + random.uniform(-light.contrast, light.contrast);
  std::array<std::array<std::uint8_t, 256>, 3> table{};
  for (auto& channel : table) {
    const float gain = contrast * (1.0F + random.uniform(-light.colour, light.colour));
    for (std::size_t v = 0; v < 256; ++v) {
      const float value = (static_cast<float>(v) - 127.5F) * gain + 127.5F + brightness;
      channel[v] = static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
    }
  }
  const bool grey = random.chance(light.grey);
  for (std::size_t i = 0; i < count; ++i, pixels += 3) {
    for (std::size_t c = 0; c < 3; ++c) pixels[c] = table[c][pixels[c]];
    if (grey) {
      const int luma = (77 * pixels[0] + 151 * pixels[1] + 28 * pixels[2] + 128) >> 8;
      pixels[0] = pixels[1] = pixels[2] = static_cast<std::uint8_t>(luma);
    }
  }
}

}  // namespace facet::training
