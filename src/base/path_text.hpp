// SPDX-License-Identifier: Apache-2.0
// Names of files, which are bytes, as text that must be UTF-8 (JSON).
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

struct PathText {
  std::string text;
  bool percent_encoded = false;
};

// The path itself where it is UTF-8. Otherwise bytes that are not, and '%', become %XX, so that no
// two paths become one and decoding every %XX gives the very path back.
PathText path_text(std::string_view path);

}  // namespace facet::detail
