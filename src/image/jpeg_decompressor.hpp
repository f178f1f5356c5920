// SPDX-License-Identifier: Apache-2.0
// libjpeg's decompressor of one file, with errors as return values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "image/colour_conversion.hpp"
#include "image/jpeg_errors.hpp"
#include "image/pixel_sink.hpp"

namespace facet::detail {

// The methods that return bool are the ones that libjpeg may leave by longjmp: false then, and
// error() says why. Each works once, in the order below.
class JpegDecompressor {
 public:
  // The bytes must stay, and so must `inks`, which says what amounts of ink look like.
  JpegDecompressor(std::span<const std::byte> bytes, bool tolerant, const ColourConversion& inks);
  JpegDecompressor(const JpegDecompressor&) = delete;
  JpegDecompressor& operator=(const JpegDecompressor&) = delete;
  ~JpegDecompressor() { jpeg_destroy_decompress(&info_); }

  bool read_header();
  [[nodiscard]] int width() const { return static_cast<int>(info_.image_width); }
  [[nodiscard]] int height() const { return static_cast<int>(info_.image_height); }
  [[nodiscard]] int orientation() const;
  [[nodiscard]] std::vector<std::byte> profile();
  // Where profile() gave none.
  [[nodiscard]] bool has_damaged_profile() const;
  // True for a photo of cyan, magenta, yellow and black.
  [[nodiscard]] bool has_ink() const { return info_.num_components == 4; }
  // Several scans over the photo; of one scan, rows can be decoded as they come.
  [[nodiscard]] bool has_many_scans() { return jpeg_has_multiple_scans(&info_) != 0; }
  // Pixels that are decoded together: what lies within one of them needs no other.
  [[nodiscard]] int block_width() const { return info_.max_h_samp_factor * DCTSIZE; }
  [[nodiscard]] int block_height() const { return info_.max_v_samp_factor * DCTSIZE; }

  // Of a file of one scan: makes rows ready, of a photo reduced by 1, 2, 4 or 8.
  bool start(int reduce);
  // Of any file: reads it to its end and keeps its coefficients, then makes rows ready.
  // Where it fails, what was read so far can be used.
  bool read_coefficients(int reduce);
  // Whether read_coefficients() keeps all of them. Where 1 of 8 pixels is wanted, libjpeg leaves
  // out those that only the others need, unless the file is progressive.
  [[nodiscard]] bool keeps_detail(int reduce) const {
    return reduce < 8 || info_.progressive_mode == TRUE;
  }
  bool start_from_coefficients();
  // All rows. What was decoded stays where it fails.
  bool read_rows(Image& image);
  // After the rows of start_from_coefficients().
  bool finish_coefficients();
  // After start(1): those rows and columns of the photo that the regions need, and a few more.
  bool read_regions(std::span<const PixelRect> regions, PixelSink& sink);
  // Reads what stands behind the pixels.
  bool finish();

  // After finish_coefficients(): a file that holds this part of the photo alone. The left upper
  // corner must be a multiple of the block's size.
  bool cut(const PixelRect& part, std::vector<std::byte>& file);

  [[nodiscard]] const JpegErrors& errors() const { return errors_; }
  // False where scans are missing: after read_coefficients().
  [[nodiscard]] bool has_every_scan() const;

 private:
  void ink_to_rgb(std::uint8_t* cmyk, std::uint8_t* rgb) const;
  void read_row(std::uint8_t* rgb);
  void set_output(int reduce);

  std::span<const std::byte> bytes_;
  const ColourConversion& inks_;
  jpeg_decompress_struct info_{};
  JpegErrors errors_;
  bool has_every_coefficient_ = false;
  std::vector<std::uint8_t> cmyk_;
  std::vector<std::uint8_t> rgb_;
};

}  // namespace facet::detail
