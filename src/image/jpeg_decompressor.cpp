// SPDX-License-Identifier: Apache-2.0
#include "image/jpeg_decompressor.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "image/exif_orientation.hpp"
#include "image/photo_reader.hpp"

namespace facet::detail {
namespace {

// A progressive file of a few kilobytes can ask for days of work, scan after scan.
constexpr int kMostScans = 500;

// Bytes of zero at the end are what a broken disk or a broken copy left, not a part of the photo:
// they must not be taken for pixels. A photo may end with two.
std::span<const std::byte> without_padding(std::span<const std::byte> bytes) {
  const auto is_padding = [](std::byte value) { return value == std::byte{0}; };
  const auto last = std::find_if_not(bytes.rbegin(), bytes.rend(), is_padding);
  const auto zeros = static_cast<std::size_t>(last - bytes.rbegin());
  return bytes.first(bytes.size() - zeros + std::min<std::size_t>(zeros, 2));
}

}  // namespace

JpegDecompressor::JpegDecompressor(std::span<const std::byte> bytes, bool tolerant,
                                   const ColourConversion& inks)
    : bytes_(without_padding(bytes)), inks_(inks) {
  errors_.tolerant = tolerant;
}

bool JpegDecompressor::read_header() {
  info_.err = set_handlers(errors_);
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_create_decompress(&info_);
  jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()),
               static_cast<unsigned long>(bytes_.size()));
  jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);  // EXIF
  jpeg_save_markers(&info_, JPEG_APP0 + 2, 0xFFFF);  // ICC profile
  jpeg_read_header(&info_, TRUE);
  return true;
}

void JpegDecompressor::set_output(int reduce) {
  info_.out_color_space = has_ink() ? JCS_CMYK : JCS_RGB;
  info_.scale_num = static_cast<unsigned>(8 / reduce);
  info_.scale_denom = 8;
}

bool JpegDecompressor::start(int reduce) {
  set_output(reduce);
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_start_decompress(&info_);
  return true;
}

bool JpegDecompressor::read_coefficients(int reduce) {
  set_output(reduce);
  info_.buffered_image = TRUE;
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_start_decompress(&info_);
  while (jpeg_consume_input(&info_) != JPEG_REACHED_EOI) {
    if (info_.input_scan_number <= kMostScans) continue;
    std::strncpy(errors_.message.data(), "too many scans", errors_.message.size() - 1);
    return false;
  }
  has_every_coefficient_ = true;
  return true;
}

bool JpegDecompressor::start_from_coefficients() {
  if (setjmp(errors_.escape) != 0) return false;
  // To ask for the scan in which reading failed would be to go on reading it.
  const int scan = info_.input_scan_number - (has_every_coefficient_ ? 0 : 1);
  jpeg_start_output(&info_, std::max(scan, 1));
  return true;
}

bool JpegDecompressor::finish_coefficients() {
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_finish_output(&info_);
  return true;
}

bool JpegDecompressor::read_rows(Image& image) {
  cmyk_.resize(has_ink() ? std::size_t{info_.output_width} * 4 : 0);
  if (setjmp(errors_.escape) != 0) return false;
  while (info_.output_scanline < info_.output_height) {
    read_row(image.row(static_cast<int>(info_.output_scanline)));
  }
  return true;
}

void JpegDecompressor::read_row(std::uint8_t* rgb) {
  JSAMPROW row = has_ink() ? cmyk_.data() : rgb;
  jpeg_read_scanlines(&info_, &row, 1);
  if (has_ink()) ink_to_rgb(cmyk_.data(), rgb);
}

bool JpegDecompressor::read_regions(std::span<const PixelRect> regions, PixelSink& sink) {
  // Upsampled colours at the edge of what is read are not those of the whole photo.
  const int margin_x = block_width();
  const int margin_y = 2 * block_height();
  int left = width();
  int right = 0;
  for (const PixelRect& region : regions) {
    left = std::min(left, region.x - margin_x);
    right = std::max(right, region.x + region.width + margin_x);
  }
  auto first = static_cast<JDIMENSION>(std::max(left, 0));
  auto columns = static_cast<JDIMENSION>(std::min(right, width())) - first;
  const auto needed = [&](int y) {
    return std::any_of(regions.begin(), regions.end(), [&](const PixelRect& region) {
      return y >= region.y - margin_y && y < region.y + region.height;
    });
  };
  cmyk_.resize(has_ink() ? std::size_t{info_.output_width} * 4 : 0);
  rgb_.resize(std::size_t{info_.output_width} * 3);
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_crop_scanline(&info_, &first, &columns);
  for (int y = 0; y < height();) {
    if (needed(y)) {
      read_row(rgb_.data());
      sink.put(static_cast<int>(first), y, static_cast<int>(info_.output_width), rgb_.data());
      ++y;
      continue;
    }
    int next = y + 1;
    while (next < height() && !needed(next)) ++next;
    if (next == height()) break;
    jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(next - y));
    y = next;
  }
  return true;
}

bool JpegDecompressor::finish() {
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_finish_decompress(&info_);
  return true;
}

bool JpegDecompressor::has_every_scan() const {
  for (int c = 0; c < info_.num_components; ++c) {
    if (info_.comp_info[c].quant_table == nullptr) return false;  // saved by its first scan
    if (info_.coef_bits == nullptr) continue;                     // not progressive
    const int* bits = info_.coef_bits[c];
    if (std::any_of(bits, bits + DCTSIZE2, [](int left) { return left != 0; })) return false;
  }
  return true;
}

// Adobe's programs, and all that follow them, store 255 minus the ink.
void JpegDecompressor::ink_to_rgb(std::uint8_t* cmyk, std::uint8_t* rgb) const {
  const std::size_t count = info_.output_width;
  if (info_.saw_Adobe_marker) {
    for (std::size_t i = 0; i < count * 4; ++i) cmyk[i] = static_cast<std::uint8_t>(255 - cmyk[i]);
  }
  if (inks_.any()) {
    inks_.convert_ink(cmyk, rgb, count);
  } else {
    inks_to_rgb(cmyk, rgb, count);
  }
}

int JpegDecompressor::orientation() const {
  constexpr std::string_view header("Exif\0\0", 6);
  for (const jpeg_marker_struct* marker = info_.marker_list; marker != nullptr;
       marker = marker->next) {
    if (marker->marker == JPEG_APP0 + 1 && marker->data_length >= header.size() &&
        std::memcmp(marker->data, header.data(), header.size()) == 0) {
      return exif_orientation(std::as_bytes(std::span(marker->data, marker->data_length)));
    }
  }
  return 1;
}

bool JpegDecompressor::has_damaged_profile() const {
  constexpr std::string_view header("ICC_PROFILE\0", 12);
  for (const jpeg_marker_struct* marker = info_.marker_list; marker != nullptr;
       marker = marker->next) {
    if (marker->marker == JPEG_APP0 + 2 && marker->data_length >= header.size() &&
        std::memcmp(marker->data, header.data(), header.size()) == 0) {
      return true;
    }
  }
  return false;
}

std::vector<std::byte> JpegDecompressor::profile() {
  JOCTET* data = nullptr;
  unsigned size = 0;
  if (jpeg_read_icc_profile(&info_, &data, &size) == 0) return {};
  const std::unique_ptr<JOCTET, decltype(&std::free)> held(data, &std::free);
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  return {begin, begin + size};
}

}  // namespace facet::detail
