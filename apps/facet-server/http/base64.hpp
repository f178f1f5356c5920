// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace facet::server {

// Both alphabets, with or without padding; nothing where another character stands in the text.
std::optional<std::vector<std::byte>> base64_decoded(std::string_view text);

// The alphabet that addresses may hold, without padding.
std::string base64_encoded(std::string_view text);

}  // namespace facet::server
