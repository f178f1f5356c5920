// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "image/decode_formats.hpp"
#include "image/exif_orientation.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t ihdr_end = 33;  // signature, then the IHDR chunk

std::int64_t big_endian_32(const std::byte* at) {
  std::int64_t value = 0;
  for (int i = 0; i < 4; ++i) value = value * 256 + std::to_integer<int>(at[i]);
  return value;
}

// The methods that return bool are the ones that libpng may leave by longjmp: false then. No
// object with a destructor may live in them.
class PngReader {
 public:
  explicit PngReader(std::span<const std::byte> bytes) : rest_(bytes) {}
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool read_header();
  // `buffer` holds one row, or all where the file is interlaced.
  bool read_pixels(Image& image, std::uint8_t* buffer);

  [[nodiscard]] std::size_t buffer_size() const { return row_size_ * (passes_ > 1 ? height_ : 1); }
  [[nodiscard]] int orientation() const;
  [[noreturn]] void throw_error() const;

 private:
  static void read(png_structp png, png_bytep to, std::size_t count);
  [[noreturn]] static void fail(png_structp png, png_const_charp message);
  static void ignore(png_structp /*png*/, png_const_charp /*message*/) {}

  std::span<const std::byte> rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::size_t row_size_ = 0;
  int passes_ = 1;
  bool has_alpha_ = false;
  bool truncated_ = false;
  std::array<char, 128> message_{};
};

void PngReader::read(png_structp png, png_bytep to, std::size_t count) {
  auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
  if (count > self->rest_.size()) {
    self->truncated_ = true;
    png_error(png, "truncated");
  }
  std::memcpy(to, self->rest_.data(), count);
  self->rest_ = self->rest_.subspan(count);
}

void PngReader::fail(png_structp png, png_const_charp message) {
  auto* self = static_cast<PngReader*>(png_get_error_ptr(png));
  std::strncpy(self->message_.data(), message, self->message_.size() - 1);
  png_longjmp(png, 1);
}

bool PngReader::read_header() {
  png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore);
  info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
  if (info_ == nullptr) {
    std::strncpy(message_.data(), "out of memory", message_.size() - 1);
    return false;
  }
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_set_read_fn(png_, this, read);
  // The limit is ours, and the caller has checked it.
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(png_, info_);
  png_set_expand(png_);
  png_set_scale_16(png_);
  png_set_gray_to_rgb(png_);
  passes_ = png_set_interlace_handling(png_);
  png_read_update_info(png_, info_);
  width_ = png_get_image_width(png_, info_);
  height_ = png_get_image_height(png_, info_);
  row_size_ = png_get_rowbytes(png_, info_);
  has_alpha_ = png_get_channels(png_, info_) == 4;
  return true;
}

bool PngReader::read_pixels(Image& image, std::uint8_t* buffer) {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  const std::size_t step = passes_ > 1 ? row_size_ : 0;
  for (int pass = 1; pass <= passes_; ++pass) {
    for (std::size_t y = 0; y < height_; ++y) {
      std::uint8_t* row = buffer + y * step;
      png_read_row(png_, row, nullptr);
      if (pass < passes_) continue;
      std::uint8_t* target = image.row(static_cast<int>(y));
      if (has_alpha_) {
        rgba_over_white(row, target, width_);
      } else {
        std::memcpy(target, row, width_ * 3);
      }
    }
  }
  png_read_end(png_, info_);  // EXIF may come after the pixels
  return true;
}

int PngReader::orientation() const {
  png_uint_32 size = 0;
  png_bytep exif = nullptr;
  if (png_get_eXIf_1(png_, info_, &size, &exif) == 0 || exif == nullptr) return 1;
  return exif_orientation(std::as_bytes(std::span(exif, size)));
}

void PngReader::throw_error() const {
  throw_unreadable(truncated_ ? std::string("truncated PNG file")
                              : "damaged PNG file: " + std::string(message_.data()));
}

}  // namespace

StoredPhoto decode_png(std::span<const std::byte> bytes, const DecodeOptions& options) {
  if (bytes.size() < ihdr_end) throw_unreadable("truncated PNG file");
  const std::int64_t width = big_endian_32(bytes.data() + 16);
  const std::int64_t height = big_endian_32(bytes.data() + 20);
  check_size(width, height, options);
  PngReader reader(bytes);
  if (!reader.read_header()) reader.throw_error();
  StoredPhoto photo{Image(static_cast<int>(width), static_cast<int>(height)), 1};
  std::vector<std::uint8_t> buffer(reader.buffer_size());
  if (!reader.read_pixels(photo.image, buffer.data())) reader.throw_error();
  photo.orientation = reader.orientation();
  return photo;
}

}  // namespace facet::detail
