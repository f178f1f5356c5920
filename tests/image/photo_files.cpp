// SPDX-License-Identifier: Apache-2.0
#include "image/photo_files.hpp"

#include <cstdio>
// jpeglib.h after what it needs
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

namespace facet::detail::test {
namespace {

void append(Bytes& to, const void* data, std::size_t size) {
  const auto* begin = static_cast<const std::byte*>(data);
  const std::size_t before = to.size();
  to.resize(before + size);
  std::copy_n(begin, size, to.data() + before);
}

void append(Bytes& to, const std::string& text) {
  append(to, text.data(), text.size());
}

void append_number(Bytes& to, std::uint32_t value, int size, bool big_endian) {
  for (int i = 0; i < size; ++i) {
    const int shift = 8 * (big_endian ? size - 1 - i : i);
    to.push_back(static_cast<std::byte>(value >> shift & 255U));
  }
}

void append_chunk(Bytes& riff, const std::string& name, const Bytes& data) {
  append(riff, name);
  append_number(riff, static_cast<std::uint32_t>(data.size()), 4, false);
  append(riff, data.data(), data.size());
  if (data.size() % 2 == 1) riff.push_back(std::byte{0});
}

Bytes riff_file(const Bytes& chunks) {
  Bytes file = bytes_of("RIFF");
  append_number(file, static_cast<std::uint32_t>(chunks.size() + 4), 4, false);
  append(file, "WEBP");
  append(file, chunks.data(), chunks.size());
  return file;
}

Bytes vp8x(unsigned flags, int width, int height) {
  Bytes data;
  append_number(data, flags, 4, false);
  append_number(data, static_cast<std::uint32_t>(width - 1), 3, false);
  append_number(data, static_cast<std::uint32_t>(height - 1), 3, false);
  return data;
}

Bytes take_webp(std::uint8_t* data, std::size_t size) {
  Bytes bytes;
  append(bytes, data, size);
  WebPFree(data);
  return bytes;
}

}  // namespace

Bytes bytes_of(const std::string& text) {
  Bytes bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

Image gradient(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = image.row(y) + x * 3;
      pixel[0] = static_cast<std::uint8_t>(x * 255 / width);
      pixel[1] = static_cast<std::uint8_t>(y * 255 / height);
      pixel[2] = static_cast<std::uint8_t>((x + y) * 255 / (width + height));
    }
  }
  return image;
}

Image blocks(int columns, int rows) {
  Image image(columns * 8, rows * 8);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      std::uint8_t* pixel = image.row(y) + x * 3;
      pixel[0] = static_cast<std::uint8_t>(40 + x / 8 * 60);
      pixel[1] = static_cast<std::uint8_t>(30 + y / 8 * 70);
      pixel[2] = static_cast<std::uint8_t>((x / 8 + y / 8 * columns) % 3 * 100);
    }
  }
  return image;
}

Image noise(int width, int height) {
  Image image(width, height);
  std::mt19937 random(3);
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(random() & 255U);
  return image;
}

int largest_difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    largest = std::max(largest, std::abs(a.pixels[i] - b.pixels[i]));
  }
  return largest;
}

Bytes make_jpeg(int width, int height, std::span<const std::uint8_t> samples,
                const JpegForm& form) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &data, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  const bool grey = form.colour == JpegColour::grey;
  const bool rgb = form.colour == JpegColour::rgb;
  info.input_components = grey ? 1 : rgb ? 3 : 4;
  info.in_color_space = grey ? JCS_GRAYSCALE : rgb ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  if (form.colour == JpegColour::ycck) jpeg_set_colorspace(&info, JCS_YCCK);
  if (!form.adobe_marker) info.write_Adobe_marker = FALSE;
  jpeg_set_quality(&info, 100, TRUE);
  if (form.progressive) jpeg_simple_progression(&info);
  std::array<jpeg_scan_info, 4> scans{};
  if (form.scan_a_channel) {
    for (int c = 0; c < info.num_components; ++c) {
      scans.at(static_cast<std::size_t>(c)) = {1, {c}, 0, 63, 0, 0};
    }
    info.scan_info = scans.data();
    info.num_scans = info.num_components;
  }
  for (int c = 0; c < info.num_components; ++c) {
    const bool colour = c == 1 || c == 2;
    info.comp_info[c].h_samp_factor = colour ? 1 : form.columns_a_colour;
    info.comp_info[c].v_samp_factor = colour ? 1 : form.rows_a_colour;
  }
  jpeg_start_compress(&info, TRUE);
  if (!form.exif.empty()) {
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(form.exif.data()),
                      static_cast<unsigned>(form.exif.size()));
  }
  if (!form.profile.empty()) {
    jpeg_write_icc_profile(&info, reinterpret_cast<const JOCTET*>(form.profile.data()),
                           static_cast<unsigned>(form.profile.size()));
  }
  const std::size_t stride = static_cast<std::size_t>(width * info.input_components);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPROW>(samples.data() + info.next_scanline * stride);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes bytes;
  append(bytes, data, size);
  std::free(data);
  return bytes;
}

Bytes make_png(int width, int height, int bit_depth, int colour_type,
               std::span<const std::uint8_t> rows,
               const std::function<void(png_structp, png_infop)>& customise, bool interlaced) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep data, std::size_t size) {
        append(*static_cast<Bytes*>(png_get_io_ptr(p)), data, size);
      },
      [](png_structp /*p*/) {});
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height),
               bit_depth, colour_type, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (customise) customise(png, info);
  png_write_info(png, info);
  const int passes = png_set_interlace_handling(png);
  const std::size_t stride = png_get_rowbytes(png, info);
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < height; ++y) {
      png_write_row(png, rows.data() + static_cast<std::size_t>(y) * stride);
    }
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes png_with_chunk(const Bytes& png, const std::string& name, const Bytes& data) {
  constexpr std::size_t header_end = 33;
  Bytes chunk;
  append_number(chunk, static_cast<std::uint32_t>(data.size()), 4, true);
  append(chunk, name);
  append(chunk, data.data(), data.size());
  const auto* checked = reinterpret_cast<const Bytef*>(chunk.data() + 4);
  const auto checksum = crc32(0, checked, static_cast<uInt>(chunk.size() - 4));
  append_number(chunk, static_cast<std::uint32_t>(checksum), 4, true);
  Bytes result;
  append(result, png.data(), header_end);
  append(result, chunk.data(), chunk.size());
  append(result, png.data() + header_end, png.size() - header_end);
  return result;
}

Bytes png_profile_data(const Bytes& profile) {
  Bytes data = bytes_of(std::string("profile\0\0", 9));  // its name, how it is compressed
  std::vector<Bytef> compressed(compressBound(profile.size()));
  uLongf size = compressed.size();
  compress(compressed.data(), &size, reinterpret_cast<const Bytef*>(profile.data()),
           profile.size());
  append(data, compressed.data(), size);
  return data;
}

Bytes png_header(std::uint32_t width, std::uint32_t height) {
  Bytes bytes = bytes_of("\x89PNG\r\n\x1A\n");
  append_number(bytes, 13, 4, true);
  append(bytes, "IHDR");
  append_number(bytes, width, 4, true);
  append_number(bytes, height, 4, true);
  append(bytes, std::string("\x08\x02\x00\x00\x00", 5));
  const std::uint32_t crc =
      static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(bytes.data() + 12), 17));
  append_number(bytes, crc, 4, true);
  return bytes;
}

Bytes make_lossless_webp(int width, int height, std::span<const std::uint8_t> rgba) {
  std::uint8_t* data = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &data);
  return take_webp(data, size);
}

Bytes make_lossy_webp(const Image& image) {
  std::uint8_t* data = nullptr;
  const std::size_t size =
      WebPEncodeRGB(image.pixels.data(), image.width, image.height, image.width * 3, 95, &data);
  return take_webp(data, size);
}

Bytes webp_with_exif(const Bytes& simple, int width, int height, const Bytes& exif) {
  Bytes chunks;
  append_chunk(chunks, "VP8X", vp8x(0x08, width, height));
  append(chunks, simple.data() + 12, simple.size() - 12);
  append_chunk(chunks, "EXIF", exif);
  return riff_file(chunks);
}

Bytes webp_with_profile(const Bytes& simple, int width, int height, const Bytes& profile) {
  Bytes chunks;
  append_chunk(chunks, "VP8X", vp8x(0x20, width, height));
  append_chunk(chunks, "ICCP", profile);
  append(chunks, simple.data() + 12, simple.size() - 12);
  return riff_file(chunks);
}

Bytes animated_webp(int width, int height, const std::vector<WebpFrame>& frames) {
  Bytes chunks;
  append_chunk(chunks, "VP8X", vp8x(0x02 | 0x10, width, height));
  append_chunk(chunks, "ANIM", Bytes(6));
  for (const WebpFrame& frame : frames) {
    Bytes data;
    for (const int number : {frame.x / 2, frame.y / 2, frame.width - 1, frame.height - 1, 100}) {
      append_number(data, static_cast<std::uint32_t>(number), 3, false);
    }
    data.push_back(std::byte{0});
    append(data, frame.simple.data() + 12, frame.simple.size() - 12);
    append_chunk(chunks, "ANMF", data);
  }
  return riff_file(chunks);
}

Bytes exif_block(int orientation, bool big_endian) {
  Bytes block = bytes_of(big_endian ? "MM" : "II");
  append_number(block, 42, 2, big_endian);
  append_number(block, 8, 4, big_endian);       // where the directory begins
  append_number(block, 1, 2, big_endian);       // its entries
  append_number(block, 0x0112, 2, big_endian);  // Orientation
  append_number(block, 3, 2, big_endian);       // SHORT
  append_number(block, 1, 4, big_endian);
  append_number(block, static_cast<std::uint32_t>(orientation), 2, big_endian);
  append_number(block, 0, 2, big_endian);
  append_number(block, 0, 4, big_endian);  // no further directory
  return block;
}

Bytes exif_with_header(const Bytes& block) {
  Bytes bytes = bytes_of(std::string("Exif\0\0", 6));
  bytes.insert(bytes.end(), block.begin(), block.end());
  return bytes;
}

}  // namespace facet::detail::test
