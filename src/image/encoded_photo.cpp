// SPDX-License-Identifier: Apache-2.0
#include "facet/encoded_photo.hpp"

#include <utility>

#include "facet/error.hpp"
#include "image/photo_decoder.hpp"

namespace facet {

using namespace detail;

EncodedPhoto::EncodedPhoto(std::vector<std::byte> bytes, const DecodeOptions& options)
    : decoder_(std::make_unique<PhotoDecoder>(std::move(bytes), options)) {
}
EncodedPhoto::~EncodedPhoto() = default;
EncodedPhoto::EncodedPhoto(EncodedPhoto&&) noexcept = default;
EncodedPhoto& EncodedPhoto::operator=(EncodedPhoto&&) noexcept = default;

EncodedPhoto EncodedPhoto::read(const std::filesystem::path& path, const DecodeOptions& options) {
  try {
    return EncodedPhoto(read_photo_bytes(path), options);
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.what());
  }
}

const PhotoFacts& EncodedPhoto::facts() const {
  return decoder_->facts();
}

std::size_t EncodedPhoto::file_size() const {
  return decoder_->file_size();
}

DecodedPhoto EncodedPhoto::decode(int reduce) {
  return decoder_->decode(reduce);
}

}  // namespace facet
