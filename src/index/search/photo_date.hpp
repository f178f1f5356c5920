// SPDX-License-Identifier: Apache-2.0
// When a photo was taken, as results spell it.
#pragma once

#include <cstdint>
#include <string>

namespace facet::detail {

// ISO 8601 without a zone: the camera's clock. `seconds` since 1970.
std::string date_text(std::int64_t seconds);

}  // namespace facet::detail
