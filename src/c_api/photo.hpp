// SPDX-License-Identifier: Apache-2.0
// Photos of the C API from what a caller gives. Each function throws Error(invalid_argument).
#pragma once

#include <cstddef>
#include <memory>

#include "facet/encoded_photo.hpp"
#include "facet/facet.h"

namespace facet::detail {

std::unique_ptr<facet_photo> photo_of_file(const char* path);
std::unique_ptr<facet_photo> photo_of_bytes(const void* bytes, std::size_t size, const char* name);
std::unique_ptr<facet_photo> photo_of_pixels(const facet_pixels* pixels, const char* name);

// Of a photo from a file or from its bytes. Throws Error without the photo's name.
EncodedPhoto encoded(const facet_photo& photo, const DecodeOptions& options);

}  // namespace facet::detail
