// SPDX-License-Identifier: Apache-2.0
#include <webp/decode.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/exif_orientation.hpp"
#include "image/photo_reader.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t riff_header_size = 12;
constexpr std::size_t chunk_header_size = 8;
constexpr std::size_t frame_header_size = 16;  // of an animation's frame

std::size_t little_endian(const std::byte* at, int size) {
  std::size_t value = 0;
  for (int i = size - 1; i >= 0; --i) value = value * 256 + std::to_integer<std::size_t>(at[i]);
  return value;
}

struct Chunk {
  std::size_t at = 0;               // where its header begins
  std::span<const std::byte> data;  // what of it the file holds
  bool whole = false;
};

Chunk find_chunk(std::span<const std::byte> bytes, std::string_view name) {
  std::size_t at = riff_header_size;
  while (at + chunk_header_size <= bytes.size()) {
    const std::size_t size = little_endian(bytes.data() + at + 4, 4);
    const std::size_t there = bytes.size() - at - chunk_header_size;
    if (std::memcmp(bytes.data() + at, name.data(), 4) == 0) {
      return {at, bytes.subspan(at + chunk_header_size, std::min(size, there)), size <= there};
    }
    if (size > there) break;
    at += chunk_header_size + size + size % 2;
  }
  return {};
}

// The chunks that the pixels are in, of a file whose last chunks may be missing; empty where the
// pixels are not all there.
std::span<const std::byte> image_chunks(std::span<const std::byte> bytes) {
  for (const char* name : {"VP8 ", "VP8L"}) {
    const Chunk chunk = find_chunk(bytes, name);
    if (!chunk.whole) continue;
    const Chunk alpha = find_chunk(bytes, "ALPH");
    return bytes.subspan(alpha.whole ? std::min(alpha.at, chunk.at) : chunk.at);
  }
  return {};
}

void check_status(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OK:
      return;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      throw_unreadable("truncated WebP file");
    case VP8_STATUS_OUT_OF_MEMORY:
      throw_unreadable("not enough memory");
    default:
      throw_unreadable("damaged or unsupported WebP file");
  }
}

// Where an animation's frame lies on its canvas.
struct Frame {
  std::span<const std::byte> bytes;
  PixelRect place;
};

class WebpReader final : public StreamReader {
 public:
  WebpReader(std::span<const std::byte> bytes, bool tolerant);
  Image read(int reduce, Detail detail) override;

 protected:
  void read_pixels(PixelSink& sink) override;

 private:
  // The first frame; the whole of a photo that is no animation.
  [[nodiscard]] Frame first_frame() const;
  // `config` says how much of the pixels and how large: width × height. Sets the warning.
  Image decode(std::span<const std::byte> bytes, WebPDecoderConfig& config, int width, int height);
  // How many of the rows are there.
  int decode_rows(std::span<const std::byte> bytes, WebPDecoderConfig& config, int height);

  std::span<const std::byte> bytes_;
  bool tolerant_;
  bool animated_ = false;
  bool has_alpha_ = false;
};

WebPDecoderConfig new_config() {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) throw_unreadable("unsupported version of libwebp");
  return config;
}

const std::uint8_t* data_of(std::span<const std::byte> bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

Image with_edge_repeated(Image image, int width, int height) {
  if (image.width == width && image.height == height) return image;
  Image result(width, height);
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* from = image.row(std::min(y, image.height - 1));
    const std::size_t size = static_cast<std::size_t>(image.width) * 3;
    std::memcpy(result.row(y), from, size);
    if (width > image.width) std::memcpy(result.row(y) + size, from + size - 3, 3);
  }
  return result;
}

WebpReader::WebpReader(std::span<const std::byte> bytes, bool tolerant)
    : bytes_(bytes), tolerant_(tolerant) {
  WebPDecoderConfig config = new_config();
  check_status(WebPGetFeatures(data_of(bytes), bytes.size(), &config.input));
  header_.format = "WebP";
  header_.width = config.input.width;
  header_.height = config.input.height;
  animated_ = config.input.has_animation != 0;
  has_alpha_ = config.input.has_alpha != 0;
  if (const Chunk exif = find_chunk(bytes, "EXIF"); exif.whole) {
    header_.orientation = exif_orientation(exif.data);
  }
  if (const Chunk profile = find_chunk(bytes, "ICCP"); profile.whole) {
    colours_.profile.assign(profile.data.begin(), profile.data.end());
  }
}

Frame WebpReader::first_frame() const {
  if (!animated_) return {bytes_, {0, 0, header_.width, header_.height}};
  const Chunk chunk = find_chunk(bytes_, "ANMF");
  if (chunk.data.size() < frame_header_size) throw_unreadable("truncated WebP file");
  const auto number = [&](std::size_t at) {
    return static_cast<int>(little_endian(chunk.data.data() + at, 3));
  };
  const Frame frame{chunk.data.subspan(frame_header_size),
                    {2 * number(0), 2 * number(3), number(6) + 1, number(9) + 1}};
  if (frame.place.x + frame.place.width > header_.width ||
      frame.place.y + frame.place.height > header_.height) {
    throw_unreadable("damaged or unsupported WebP file");
  }
  return frame;
}

Image WebpReader::decode(std::span<const std::byte> bytes, WebPDecoderConfig& config, int width,
                         int height) {
  Image image = missing_image(width, height);
  const std::size_t count = image.pixels.size() / 3;
  std::vector<std::uint8_t> rgba(has_alpha_ ? count * 4 : 0);
  config.output.colorspace = has_alpha_ ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = has_alpha_ ? rgba.data() : image.pixels.data();
  config.output.u.RGBA.stride = width * (has_alpha_ ? 4 : 3);
  config.output.u.RGBA.size = has_alpha_ ? rgba.size() : image.pixels.size();
  const int rows = decode_rows(bytes, config, height);
  const std::size_t there = static_cast<std::size_t>(rows) * static_cast<std::size_t>(width);
  if (has_alpha_) rgba_over_white(rgba.data(), image.pixels.data(), there);
  std::fill(image.pixels.begin() + static_cast<std::ptrdiff_t>(there * 3), image.pixels.end(),
            kMissingPixel);
  return image;
}

int WebpReader::decode_rows(std::span<const std::byte> bytes, WebPDecoderConfig& config,
                            int height) {
  VP8StatusCode status = WebPDecode(data_of(bytes), bytes.size(), &config);
  warning_.clear();
  if (status == VP8_STATUS_NOT_ENOUGH_DATA && !animated_) {
    const std::span<const std::byte> chunks = image_chunks(bytes);
    if (!chunks.empty()) status = WebPDecode(data_of(chunks), chunks.size(), &config);
    if (status == VP8_STATUS_OK) warning_ = "the end of the WebP file is missing";
  }
  if (status == VP8_STATUS_OK) {
    if (animated_ && little_endian(bytes_.data() + 4, 4) + chunk_header_size > bytes_.size() + 1) {
      warning_ = "truncated WebP file, of which the first frame is there";
    }
    return height;
  }
  if (!tolerant_ || status == VP8_STATUS_OUT_OF_MEMORY) check_status(status);
  const std::unique_ptr<WebPIDecoder, decltype(&WebPIDelete)> decoder(
      WebPIDecode(nullptr, 0, &config), &WebPIDelete);
  if (!decoder) throw_unreadable("not enough memory");
  WebPIAppend(decoder.get(), data_of(bytes), bytes.size());
  int rows = 0;
  WebPIDecGetRGB(decoder.get(), &rows, nullptr, nullptr, nullptr);
  warning_ = "truncated or damaged WebP file: rows from " + std::to_string(rows) + " of " +
             std::to_string(height) + " on are missing";
  return rows;
}

void WebpReader::read_pixels(PixelSink& sink) {
  const Frame frame = first_frame();
  const PixelRect& place = frame.place;
  WebPDecoderConfig config = new_config();
  const Image image = decode(frame.bytes, config, place.width, place.height);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(header_.width) * 3);
  for (int y = 0; y < header_.height; ++y) {
    std::fill(row.begin(), row.end(), std::uint8_t{255});
    if (y >= place.y && y < place.y + place.height) {
      std::memcpy(row.data() + std::size_t{3} * static_cast<std::size_t>(place.x),
                  image.row(y - place.y), static_cast<std::size_t>(place.width) * 3);
    }
    sink.put(0, y, header_.width, row.data());
  }
}

Image WebpReader::read(int reduce, Detail detail) {
  const int width = header_.width / reduce;
  const int height = header_.height / reduce;
  const bool small = std::int64_t{header_.width} * header_.height <= kKeptPixels;
  if (animated_ || (reduce > 1 && small)) return StreamReader::read(reduce, detail);
  WebPDecoderConfig config = new_config();
  if (reduce == 1) return decode(bytes_, config, width, height);
  // So that the whole is never in memory, libwebp reduces, row by row. It is given whole squares
  // only, so that they are as wide as ours; those cut by the right and lower edge get their
  // neighbours' pixels.
  config.options.use_cropping = 1;
  config.options.crop_width = width * reduce;
  config.options.crop_height = height * reduce;
  config.options.use_scaling = 1;
  config.options.scaled_width = width;
  config.options.scaled_height = height;
  return with_edge_repeated(decode(bytes_, config, width, height),
                            reduced_side(header_.width, reduce),
                            reduced_side(header_.height, reduce));
}

}  // namespace

std::unique_ptr<PhotoReader> open_webp(std::span<const std::byte> bytes, bool tolerant) {
  return std::make_unique<WebpReader>(bytes, tolerant);
}

}  // namespace facet::detail
