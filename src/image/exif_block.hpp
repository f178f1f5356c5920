// SPDX-License-Identifier: Apache-2.0
// Where a photo file keeps its EXIF data.
#pragma once

#include <cstddef>
#include <span>

namespace facet::detail {

// The TIFF structure that the bytes of a photo file hold as EXIF (JPEG, PNG, WebP, HEIF), or that
// they are (TIFF and raw formats like it); empty where there is none.
std::span<const std::byte> find_exif_block(std::span<const std::byte> file);

// EXIF's orientation of the pixels as they are stored, 1…8; 1 where nothing is said, and for HEIF,
// whose pixels say by themselves how they are turned.
int stored_orientation(std::span<const std::byte> file);

}  // namespace facet::detail
