// SPDX-License-Identifier: Apache-2.0
// Photos and stops in the C API.
#include "c_api/photo.hpp"

#include <cstdint>
#include <memory>
#include <utility>

#include "c_api/handles.hpp"
#include "c_api/options.hpp"
#include "image/photo_decoder.hpp"

using namespace facet;
using namespace facet::detail;

namespace facet::detail {

std::unique_ptr<facet_photo> photo_of_file(const char* path) {
  require(path, "path");
  if (*path == '\0') throw Error(ErrorCode::invalid_argument, "the path is empty");
  return std::make_unique<facet_photo>(facet_photo::Source::file, path);
}

std::unique_ptr<facet_photo> photo_of_bytes(const void* bytes, std::size_t size, const char* name) {
  require(bytes, "bytes");
  auto photo =
      std::make_unique<facet_photo>(facet_photo::Source::bytes, name == nullptr ? "" : name);
  photo->bytes = {static_cast<const std::byte*>(bytes), size};
  return photo;
}

std::unique_ptr<facet_photo> photo_of_pixels(const facet_pixels* pixels, const char* name) {
  const facet_pixels given = read_struct(pixels, "pixels");
  require(given.data, "the pixels' data");
  auto photo =
      std::make_unique<facet_photo>(facet_photo::Source::pixels, name == nullptr ? "" : name);
  photo->pixels = ImageView(std::span(given.data, given.size), given.width, given.height,
                            pixel_format_of(given.format), given.stride);
  return photo;
}

EncodedPhoto encoded(const facet_photo& photo, const DecodeOptions& options) {
  if (photo.source == facet_photo::Source::file) {
    return EncodedPhoto(read_photo_bytes(photo.name), options);
  }
  return EncodedPhoto({photo.bytes.begin(), photo.bytes.end()}, options);
}

}  // namespace facet::detail

extern "C" {

facet_status facet_photo_from_file(const char* path, facet_photo** photo) {
  return guarded([&] {
    prepare(photo, "photo");
    *photo = photo_of_file(path).release();
  });
}

facet_status facet_photo_from_bytes(const void* bytes, size_t size, const char* name,
                                    facet_photo** photo) {
  return guarded([&] {
    prepare(photo, "photo");
    *photo = photo_of_bytes(bytes, size, name).release();
  });
}

facet_status facet_photo_from_pixels(const facet_pixels* pixels, const char* name,
                                     facet_photo** photo) {
  return guarded([&] {
    prepare(photo, "photo");
    *photo = photo_of_pixels(pixels, name).release();
  });
}

void facet_photo_free(facet_photo* photo) {
  free_handle(photo);
}

facet_status facet_stop_create(facet_stop** stop) {
  return guarded([&] {
    prepare(stop, "stop");
    *stop = std::make_unique<facet_stop>().release();
  });
}

void facet_stop_request(facet_stop* stop) {
  guarded([&] { checked(stop).source.request_stop(); });
}

void facet_stop_free(facet_stop* stop) {
  free_handle(stop);
}

}  // extern "C"
