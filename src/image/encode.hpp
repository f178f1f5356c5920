// SPDX-License-Identifier: Apache-2.0
// Photos to bytes: JPEG for packed training photos, PNG or JPEG for annotated pictures.
#pragma once

#include <cstddef>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

// Baseline JPEG without chroma subsampling; quality 1…100.
std::vector<std::byte> encode_jpeg(const Image& image, int quality = 92);
std::vector<std::byte> encode_png(const Image& image);

}  // namespace facet::detail
