// SPDX-License-Identifier: Apache-2.0
// Photo files of every kind, made by the format's own library or byte by byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"

struct png_struct_def;
struct png_info_def;

namespace facet::detail::test {

using Bytes = std::vector<std::byte>;

Bytes bytes_of(const std::string& text);

// Smooth colours that differ from place to place and between the channels.
Image gradient(int width, int height);
// A block of its own colour for every 8×8 pixels; no symmetry.
Image blocks(int columns, int rows);
// Any colours, the same each time.
Image noise(int width, int height);
int largest_difference(const Image& a, const Image& b);

enum class JpegColour { rgb, grey, cmyk, ycck };
struct JpegForm {
  JpegColour colour = JpegColour::rgb;
  bool progressive = false;
  bool adobe_marker = true;  // cmyk only
  Bytes exif;                // APP1 as it stands in the file
  Bytes profile;             // ICC
  int columns_a_colour = 1;  // chroma subsampling
  int rows_a_colour = 1;
  bool scan_a_channel = false;  // one after the other, not interleaved
};
// `samples`: 3, 1 or 4 values a pixel. Quality 100.
Bytes make_jpeg(int width, int height, std::span<const std::uint8_t> samples,
                const JpegForm& form = {});

// `rows`: as PNG stores them. `customise` is called before the header is written.
Bytes make_png(int width, int height, int bit_depth, int colour_type,
               std::span<const std::uint8_t> rows,
               const std::function<void(png_struct_def*, png_info_def*)>& customise = {},
               bool interlaced = false);
// A PNG with one chunk more behind its header, which may be wrong.
Bytes png_with_chunk(const Bytes& png, const std::string& name, const Bytes& data);
// A profile as a PNG holds it.
Bytes png_profile_data(const Bytes& profile);
// A PNG that says it has this size and has no pixels.
Bytes png_header(std::uint32_t width, std::uint32_t height);

Bytes make_lossless_webp(int width, int height, std::span<const std::uint8_t> rgba);
Bytes make_lossy_webp(const Image& image);
// An extended WebP: VP8X, the image chunks of `simple`, EXIF.
Bytes webp_with_exif(const Bytes& simple, int width, int height, const Bytes& exif);
// The same with an ICC profile.
Bytes webp_with_profile(const Bytes& simple, int width, int height, const Bytes& profile);
// An animation: a frame is a simple WebP file and where it lies, in even pixels.
struct WebpFrame {
  Bytes simple;
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};
Bytes animated_webp(int width, int height, const std::vector<WebpFrame>& frames);

// The TIFF structure with the orientation alone.
Bytes exif_block(int orientation, bool big_endian);
// "Exif\0\0", then the block: JPEG's form.
Bytes exif_with_header(const Bytes& block);

}  // namespace facet::detail::test
