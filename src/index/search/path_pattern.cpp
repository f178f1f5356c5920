// SPDX-License-Identifier: Apache-2.0
#include "index/search/path_pattern.hpp"

#include <algorithm>

namespace facet::detail {
namespace {

char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// Goes back to the last * where the rest does not fit: linear for most patterns, never exponential.
bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == folded(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

PathPattern::PathPattern(std::string_view text)
    : pattern_(text), wild_(text.find_first_of("*?") != std::string_view::npos) {
  std::transform(pattern_.begin(), pattern_.end(), pattern_.begin(), folded);
  if (wild_ && !pattern_.starts_with('/')) pattern_.insert(pattern_.begin(), '*');
}

bool PathPattern::fits(std::string_view path) const {
  if (wild_) return glob(pattern_, path);
  return std::search(path.begin(), path.end(), pattern_.begin(), pattern_.end(),
                     [](char a, char b) { return folded(a) == b; }) != path.end();
}

}  // namespace facet::detail
