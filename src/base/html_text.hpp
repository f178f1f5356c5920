// SPDX-License-Identifier: Apache-2.0
// Text as it may stand in a page.
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

// With &, <, > and double quotes written out: fit for text and for attributes in double quotes.
std::string html_escaped(std::string_view text);

}  // namespace facet::detail
