// SPDX-License-Identifier: Apache-2.0
// path: of queries.
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

// Text without * and ? is looked for anywhere in a path. With them it is a pattern that the end of
// the path must fit: * is any text, ? one byte. Upper and lower case of ASCII letters are the same.
class PathPattern {
 public:
  explicit PathPattern(std::string_view text);
  [[nodiscard]] bool fits(std::string_view path) const;

 private:
  std::string pattern_;
  bool wild_ = false;
};

}  // namespace facet::detail
