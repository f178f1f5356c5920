// SPDX-License-Identifier: Apache-2.0
#include "image/every_format.hpp"

#include <png.h>

namespace facet::detail::test {
namespace {

std::vector<std::uint8_t> opaque(const Image& image) {
  std::vector<std::uint8_t> rgba;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    rgba.insert(rgba.end(), image.pixels.data() + i, image.pixels.data() + i + 3);
    rgba.push_back(255);
  }
  return rgba;
}

}  // namespace

std::vector<NamedFile> every_format(const Image& image) {
  const int w = image.width;
  const int h = image.height;
  JpegForm progressive;
  progressive.progressive = true;
  return {{"JPEG", make_jpeg(w, h, image.pixels)},
          {"progressive JPEG", make_jpeg(w, h, image.pixels, progressive)},
          {"PNG", make_png(w, h, 8, PNG_COLOR_TYPE_RGB, image.pixels)},
          {"interlaced PNG", make_png(w, h, 8, PNG_COLOR_TYPE_RGB, image.pixels, {}, true)},
          {"lossless WebP", make_lossless_webp(w, h, opaque(image))},
          {"lossy WebP", make_lossy_webp(image)}};
}

}  // namespace facet::detail::test
