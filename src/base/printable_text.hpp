// SPDX-License-Identifier: Apache-2.0
// Text that may come from names of files, made safe to show.
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

// The text with everything that could steer a terminal or turn its lines around written as \xNN:
// control characters, bytes that are not UTF-8, marks of writing direction. `keep_lines` lets line
// breaks and tabs pass.
std::string printable_text(std::string_view text, bool keep_lines = false);

// Bytes of the UTF-8 character that the text starts with; 0 where it starts with none.
std::size_t utf8_length(std::string_view text);

}  // namespace facet::detail
