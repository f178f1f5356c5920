// SPDX-License-Identifier: Apache-2.0
// Bytes as text (RFC 4648), for JSON and pages.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

std::string base64_text(std::span<const std::byte> bytes);
// Nothing where the text is not base64 with its padding.
std::optional<std::vector<std::byte>> base64_bytes(std::string_view text);

}  // namespace facet::detail
