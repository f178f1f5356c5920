// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <ios>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/photo_decoder.hpp"
#include "image/photo_format.hpp"

namespace facet {

using namespace detail;

namespace {

// Runs one of the functions on bytes, and says which file its errors are about.
template <typename Step>
auto naming(const std::filesystem::path& path, const Step& step) {
  try {
    return step();
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.what());
  }
}

}  // namespace

namespace detail {

// Stops after the first block of files that are no photos, however long they are.
std::vector<std::byte> read_photo_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw Error(ErrorCode::not_found, "no such file");
  }
  if (std::filesystem::is_directory(status)) throw Error(ErrorCode::io, "is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::io, "cannot be opened");
  std::vector<std::byte> bytes;
  std::size_t block = std::size_t{1} << 16;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(size + block);
    file.read(reinterpret_cast<char*>(bytes.data() + size), static_cast<std::streamsize>(block));
    bytes.resize(size + static_cast<std::size_t>(file.gcount()));
    if (file.bad()) throw Error(ErrorCode::io, "cannot be read");
    const PhotoFormat format = recognise(bytes);
    if (file.eof() || format == PhotoFormat::unknown || format == PhotoFormat::video) return bytes;
    block = bytes.size();
  }
}

}  // namespace detail

Box DecodedPhoto::in_full_photo(const Box& box) const {
  const auto scale = static_cast<float>(reduce);
  return clip({box.x * scale + static_cast<float>(offset_x),
               box.y * scale + static_cast<float>(offset_y), box.width * scale, box.height * scale},
              static_cast<float>(full_width), static_cast<float>(full_height));
}

DecodedPhoto decode_photo(std::span<const std::byte> bytes, const DecodeOptions& options) {
  return PhotoDecoder(bytes, options).decode(options.reduce);
}

DecodedPhoto read_photo(const std::filesystem::path& path, const DecodeOptions& options) {
  return naming(path, [&] { return decode_photo(read_photo_bytes(path), options); });
}

Image decode_image(std::span<const std::byte> bytes, const DecodeOptions& options) {
  return decode_photo(bytes, options).image;
}

Image read_image(const std::filesystem::path& path, const DecodeOptions& options) {
  return read_photo(path, options).image;
}

PhotoFacts photo_facts(std::span<const std::byte> bytes) {
  DecodeOptions any_size;
  any_size.max_pixels = std::numeric_limits<std::int64_t>::max();
  return PhotoDecoder(bytes, any_size).facts();
}

}  // namespace facet
