// SPDX-License-Identifier: Apache-2.0
// When a photo was taken, by its own account.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace facet::detail {

// Seconds of the camera's clock since 1970-01-01, from the EXIF block in the bytes of a photo file
// (JPEG, PNG, WebP, HEIF, TIFF and what is built like it): when it was taken, else digitised, else
// changed. Nothing where there is no block, no date, or one that no calendar has.
std::optional<std::int64_t> exif_date(std::span<const std::byte> file);

// "2019:07:14 12:30:00", as EXIF writes it.
std::optional<std::int64_t> read_exif_date(std::string_view text);

}  // namespace facet::detail
