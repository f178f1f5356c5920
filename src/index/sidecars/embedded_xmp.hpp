// SPDX-License-Identifier: Apache-2.0
// XMP inside photo files.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace facet::detail {

// The packets that stand in the bytes of a photo as plain text, as they do in JPEG, PNG, WebP,
// TIFF, HEIF and raw formats, each from its first to its last element; behind them what JPEG files
// keep in several segments because it is too long for one.
std::vector<std::string> find_xmp(std::span<const std::byte> file);

}  // namespace facet::detail
