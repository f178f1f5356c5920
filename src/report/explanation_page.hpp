// SPDX-License-Identifier: Apache-2.0
// What every explanation page has: its look and what moves on it.
#pragma once

#include <string_view>

namespace facet::detail {

extern const std::string_view kExplanationStyle;
extern const std::string_view kExplanationScript;

}  // namespace facet::detail
