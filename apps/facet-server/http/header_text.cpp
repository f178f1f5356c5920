// SPDX-License-Identifier: Apache-2.0
#include "http/header_text.hpp"

#include <algorithm>
#include <cstdlib>

namespace facet::server {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

HeaderValue read_header_value(std::string_view text) {
  HeaderValue result;
  std::size_t at = std::min(text.find(';'), text.size());
  result.value = lower_case(trimmed(text.substr(0, at)));
  while (at < text.size()) {
    ++at;  // the semicolon
    const std::size_t equals = text.find_first_of("=;", at);
    if (equals == std::string_view::npos) break;
    const std::string name = lower_case(trimmed(text.substr(at, equals - at)));
    at = equals;
    if (text[at] == ';') continue;
    ++at;
    while (at < text.size() && text[at] == ' ') ++at;
    std::string value;
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        // Browsers escape a quote as %22; only \" and \\ are escapes, for names such as C:\photo.
        if (text[at] == '\\' && at + 1 < text.size() &&
            (text[at + 1] == '"' || text[at + 1] == '\\')) {
          ++at;
        }
        value += text[at];
      }
      at = std::min(text.find(';', at), text.size());
    } else {
      const std::size_t end = std::min(text.find(';', at), text.size());
      value = trimmed(text.substr(at, end - at));
      at = end;
    }
    if (!name.empty()) result.parameters.emplace(name, std::move(value));
  }
  return result;
}

bool accepts(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const HeaderValue one = read_header_value(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (one.value != word) continue;
    const auto weight = one.parameters.find("q");
    return weight == one.parameters.end() || std::strtod(weight->second.c_str(), nullptr) > 0;
  }
  return false;
}

}  // namespace facet::server
