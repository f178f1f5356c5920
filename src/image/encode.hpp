// SPDX-License-Identifier: Apache-2.0
// Photos to bytes: JPEG for packed training photos, PNG or JPEG for annotated pictures.
#pragma once

#include <cstddef>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

// At full resolution, or, as cameras write them, at half of it in both directions.
enum class JpegColours { full, halved };

// Baseline JPEG; quality 1…100.
std::vector<std::byte> encode_jpeg(const Image& image, int quality = 92,
                                   JpegColours colours = JpegColours::full);
std::vector<std::byte> encode_png(const Image& image);

}  // namespace facet::detail
