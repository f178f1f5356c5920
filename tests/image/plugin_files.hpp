// SPDX-License-Identifier: Apache-2.0
// Photo files of the formats that plugins read, made by the formats' own libraries, and BMP.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/photo_files.hpp"

namespace facet::detail::test {

// 24 bits a pixel, from the lowest row to the highest.
Bytes make_bmp(const Image& image);

enum class TiffPixels { rgb, grey, ink };
struct TiffForm {
  int compression = 1;  // libtiff's number; 1: none
  bool tiled = false;
  int orientation = 1;
  int bits = 8;  // a sample: 8 or 16
  TiffPixels pixels = TiffPixels::rgb;
  bool white_is_zero = false;  // of grey
  Bytes profile = {};          // ICC
};
// `samples`: bytes, 3, 1 or 4 a pixel.
Bytes make_tiff(int width, int height, std::span<const std::uint8_t> samples,
                const TiffForm& form = {});

// A photo of at most 64 colours, so that a GIF can hold it.
Image few_colours(int width, int height);
struct GifForm {
  bool interlaced = false;
  int frames = 1;  // the later ones are of one colour
};
Bytes make_gif(const Image& image, const GifForm& form = {});

// Without loss; with the profile, or as sRGB.
Bytes make_jxl(const Image& image, const Bytes& profile = {});

enum class HeifCodec { hevc, av1 };
struct HeifForm {
  HeifCodec codec = HeifCodec::hevc;
  int bits = 8;  // a sample: 8 or 10
  Bytes profile = {};
  int primaries = 1;  // ITU-T H.273's numbers, where there is no profile
  int transfer = 13;
  int turn = 0;  // degrees counterclockwise that the file says are to be turned: 0, 90, 180, 270
};
// Nearly without loss; nothing where libheif has no encoder of that kind here.
std::optional<Bytes> make_heif(const Image& image, const HeifForm& form = {});

}  // namespace facet::detail::test
