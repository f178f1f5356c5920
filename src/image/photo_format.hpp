// SPDX-License-Identifier: Apache-2.0
// Which format a photo file has: by its first bytes, whatever its name.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "image/photo_reader.hpp"

namespace facet::detail {

enum class PhotoFormat { unknown, jpeg, png, webp, bmp, heif, tiff, gif, jxl, raw, video };

// A few hundred bytes of the file's beginning are enough.
PhotoFormat recognise(std::span<const std::byte> bytes);

// Throws Error(unreadable) for a file of no format that facet knows too.
std::unique_ptr<PhotoReader> open_photo(std::span<const std::byte> bytes, bool tolerant);

}  // namespace facet::detail
