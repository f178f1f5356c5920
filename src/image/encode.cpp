// SPDX-License-Identifier: Apache-2.0
#include "image/encode.hpp"

#include <png.h>

#include <array>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "facet/error.hpp"
#include "image/jpeg_errors.hpp"

namespace facet::detail {
namespace {

void check_image(const Image& image, int max_side) {
  if (image.width < 1 || image.height < 1 || image.width > max_side || image.height > max_side) {
    throw Error(ErrorCode::invalid_argument, "cannot encode an image of " +
                                                 std::to_string(image.width) + "×" +
                                                 std::to_string(image.height) + " pixels");
  }
}

// Exceptions must not pass through the C libraries: false where memory is short.
bool append(std::vector<std::byte>& bytes, const std::uint8_t* data, std::size_t size) noexcept {
  try {
    const auto* begin = reinterpret_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), begin, begin + size);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

// run() may be left by longjmp: false then. No object with a destructor may live in it.
class JpegWriter {
 public:
  JpegWriter() = default;
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;
  ~JpegWriter() { jpeg_destroy_compress(&info_); }

  bool run(const Image& image, int quality, JpegColours colours);

  [[nodiscard]] std::vector<std::byte>& bytes() { return bytes_; }
  [[nodiscard]] std::string message() const { return errors_.message.data(); }

 private:
  static JpegWriter& of(j_compress_ptr info) {
    return *static_cast<JpegWriter*>(info->client_data);
  }
  static void start(j_compress_ptr info);
  static boolean flush(j_compress_ptr info);
  static void finish(j_compress_ptr info);
  void write(std::size_t size);

  jpeg_compress_struct info_{};
  jpeg_destination_mgr destination_{};
  JpegErrors errors_;
  std::array<std::uint8_t, 1 << 15> block_{};
  std::vector<std::byte> bytes_;
};

void JpegWriter::write(std::size_t size) {
  if (append(bytes_, block_.data(), size)) return;
  std::strncpy(errors_.message.data(), "not enough memory", errors_.message.size() - 1);
  std::longjmp(errors_.escape, 1);
}

void JpegWriter::start(j_compress_ptr info) {
  info->dest->next_output_byte = of(info).block_.data();
  info->dest->free_in_buffer = of(info).block_.size();
}

boolean JpegWriter::flush(j_compress_ptr info) {
  of(info).write(of(info).block_.size());
  start(info);
  return TRUE;
}

void JpegWriter::finish(j_compress_ptr info) {
  of(info).write(of(info).block_.size() - info->dest->free_in_buffer);
}

bool JpegWriter::run(const Image& image, int quality, JpegColours colours) {
  info_.err = set_handlers(errors_);
  if (setjmp(errors_.escape) != 0) return false;
  jpeg_create_compress(&info_);
  info_.client_data = this;
  destination_.init_destination = start;
  destination_.empty_output_buffer = flush;
  destination_.term_destination = finish;
  info_.dest = &destination_;
  info_.image_width = static_cast<JDIMENSION>(image.width);
  info_.image_height = static_cast<JDIMENSION>(image.height);
  info_.input_components = 3;
  info_.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info_);
  jpeg_set_quality(&info_, quality, TRUE);
  info_.optimize_coding = TRUE;
  const int samples = colours == JpegColours::halved ? 2 : 1;
  info_.comp_info[0].h_samp_factor = samples;
  info_.comp_info[0].v_samp_factor = samples;
  jpeg_start_compress(&info_, TRUE);
  while (info_.next_scanline < info_.image_height) {
    // libjpeg only reads the row, but its interface lacks the const.
    auto* row = const_cast<JSAMPROW>(image.row(static_cast<int>(info_.next_scanline)));
    jpeg_write_scanlines(&info_, &row, 1);
  }
  jpeg_finish_compress(&info_);
  return true;
}

// As JpegWriter.
class PngWriter {
 public:
  PngWriter() = default;
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;
  ~PngWriter() { png_destroy_write_struct(&png_, &info_); }

  bool run(const Image& image);

  [[nodiscard]] std::vector<std::byte>& bytes() { return bytes_; }
  [[nodiscard]] std::string message() const { return message_.data(); }

 private:
  [[noreturn]] static void fail(png_structp png, png_const_charp message);
  static void ignore(png_structp /*png*/, png_const_charp /*message*/) {}
  static void write(png_structp png, png_bytep data, std::size_t size);
  static void flush(png_structp /*png*/) {}

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::array<char, 128> message_{};
  std::vector<std::byte> bytes_;
};

void PngWriter::fail(png_structp png, png_const_charp message) {
  auto* self = static_cast<PngWriter*>(png_get_error_ptr(png));
  std::strncpy(self->message_.data(), message, self->message_.size() - 1);
  png_longjmp(png, 1);
}

void PngWriter::write(png_structp png, png_bytep data, std::size_t size) {
  auto* self = static_cast<PngWriter*>(png_get_io_ptr(png));
  if (!append(self->bytes_, data, size)) png_error(png, "not enough memory");
}

bool PngWriter::run(const Image& image) {
  png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore);
  info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
  if (info_ == nullptr) return false;
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_set_write_fn(png_, this, write, flush);
  png_set_compression_level(png_, 3);  // twice as fast as the default, files hardly larger
  png_set_IHDR(png_, info_, static_cast<png_uint_32>(image.width),
               static_cast<png_uint_32>(image.height), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png_, info_);
  for (int y = 0; y < image.height; ++y) png_write_row(png_, image.row(y));
  png_write_end(png_, info_);
  return true;
}

}  // namespace

std::vector<std::byte> encode_jpeg(const Image& image, int quality, JpegColours colours) {
  check_image(image, JPEG_MAX_DIMENSION);
  if (quality < 1 || quality > 100) {
    throw Error(ErrorCode::invalid_argument,
                "JPEG quality " + std::to_string(quality) + " is outside 1…100");
  }
  JpegWriter writer;
  if (!writer.run(image, quality, colours)) {
    throw Error(ErrorCode::io, "cannot encode JPEG: " + writer.message());
  }
  return std::move(writer.bytes());
}

std::vector<std::byte> encode_png(const Image& image) {
  check_image(image, PNG_USER_WIDTH_MAX);
  PngWriter writer;
  if (!writer.run(image)) throw Error(ErrorCode::io, "cannot encode PNG: " + writer.message());
  return std::move(writer.bytes());
}

}  // namespace facet::detail
