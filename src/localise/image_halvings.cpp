// SPDX-License-Identifier: Apache-2.0
#include "localise/image_halvings.hpp"

#include <algorithm>

#include "image/resample.hpp"

namespace facet::detail {

Image ImageHalvings::cut(const Box& window, int width, int height) {
  const float scale = std::max(static_cast<float>(width) / window.width,
                               static_cast<float>(height) / window.height);
  std::size_t halvings = 0;
  float source_scale = 1;
  while (source_scale >= 4 * scale && source(halvings).width > 1 && source(halvings).height > 1) {
    source_scale /= 2;
    ++halvings;
  }
  const Box scaled{window.x * source_scale, window.y * source_scale, window.width * source_scale,
                   window.height * source_scale};
  return resample(source(halvings), scaled, width, height);
}

ImageView ImageHalvings::source(std::size_t halvings) {
  while (halves_.size() < halvings) {
    const ImageView larger = source(halves_.size());
    const int width = (larger.width + 1) / 2;
    const int height = (larger.height + 1) / 2;
    // Odd sides reach one repeated border pixel over the edge: the scale stays exactly one half.
    const Box all{0, 0, static_cast<float>(2 * width), static_cast<float>(2 * height)};
    halves_.push_back(resample(larger, all, width, height));
  }
  if (halvings == 0) return photo_;
  return halves_[halvings - 1];
}

}  // namespace facet::detail
