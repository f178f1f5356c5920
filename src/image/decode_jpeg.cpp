// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "image/decode_formats.hpp"
#include "image/exif_orientation.hpp"
#include "image/jpeg_errors.hpp"

namespace facet::detail {
namespace {

// A progressive file of a few kilobytes can ask for days of work, scan after scan.
constexpr int max_scans = 500;

void refuse_endless_scans(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= max_scans) return;
  auto* errors = reinterpret_cast<JpegErrors*>(info->err);
  std::strncpy(errors->message.data(), "too many scans", errors->message.size() - 1);
  std::longjmp(errors->escape, 1);
}

// The methods that return bool are the ones that libjpeg may leave by longjmp: false then.
class JpegReader {
 public:
  JpegReader() = default;
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;
  ~JpegReader() { jpeg_destroy_decompress(&info_); }

  bool read_header(const unsigned char* bytes, unsigned long size);
  bool read_pixels(Image& image, std::uint8_t* cmyk_row);

  [[nodiscard]] const jpeg_decompress_struct& info() const { return info_; }
  [[nodiscard]] bool has_ink() const { return info_.num_components == 4; }
  [[nodiscard]] int orientation() const;
  [[noreturn]] void throw_error() const;

 private:
  void ink_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb) const;

  jpeg_decompress_struct info_{};
  jpeg_progress_mgr progress_{};
  JpegErrors errors_;
};

bool JpegReader::read_header(const unsigned char* bytes, unsigned long size) {
  info_.err = set_handlers(errors_);
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_create_decompress(&info_);
  progress_.progress_monitor = refuse_endless_scans;
  info_.progress = &progress_;
  jpeg_mem_src(&info_, bytes, size);
  jpeg_save_markers(&info_, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(&info_, TRUE);
  info_.out_color_space = has_ink() ? JCS_CMYK : JCS_RGB;
  return true;
}

bool JpegReader::read_pixels(Image& image, std::uint8_t* cmyk_row) {
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_start_decompress(&info_);
  while (info_.output_scanline < info_.output_height) {
    std::uint8_t* target = image.row(static_cast<int>(info_.output_scanline));
    JSAMPROW row = has_ink() ? cmyk_row : target;
    jpeg_read_scanlines(&info_, &row, 1);
    if (has_ink()) ink_to_rgb(cmyk_row, target);
  }
  jpeg_finish_decompress(&info_);
  return true;
}

// Adobe's programs, and all that follow them, store 255 minus the ink.
void JpegReader::ink_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb) const {
  const unsigned flip = info_.saw_Adobe_marker ? 0U : 255U;
  for (JDIMENSION x = 0; x < info_.output_width; ++x, cmyk += 4, rgb += 3) {
    const unsigned key = cmyk[3] ^ flip;
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>(((cmyk[c] ^ flip) * key + 127U) / 255U);
    }
  }
}

int JpegReader::orientation() const {
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

void JpegReader::throw_error() const {
  throw_unreadable(errors_.truncated ? std::string("truncated JPEG file")
                                     : "damaged or unsupported JPEG file: " +
                                           std::string(errors_.message.data()));
}

}  // namespace

StoredPhoto decode_jpeg(std::span<const std::byte> bytes, const DecodeOptions& options) {
  JpegReader reader;
  if (!reader.read_header(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size())) {
    reader.throw_error();
  }
  const JDIMENSION width = reader.info().image_width;
  const JDIMENSION height = reader.info().image_height;
  check_size(width, height, options);
  StoredPhoto photo{Image(static_cast<int>(width), static_cast<int>(height)), reader.orientation()};
  std::vector<std::uint8_t> cmyk_row(reader.has_ink() ? std::size_t{width} * 4 : 0);
  if (!reader.read_pixels(photo.image, cmyk_row.data())) reader.throw_error();
  return photo;
}

}  // namespace facet::detail
