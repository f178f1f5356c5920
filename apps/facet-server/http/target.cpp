// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

namespace facet::server {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

HttpError bad(const std::string& what) {
  return {400, "bad_request", what};
}

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) throw bad("the address holds a % without two hex digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    if (c == '\0') throw bad("the address holds a NUL byte");
    decoded += c;
  }
  return decoded;
}

Target read_target(std::string_view text) {
  if (!text.starts_with('/')) throw bad("the address does not begin with /");
  Target target;
  text = text.substr(0, text.find('#'));
  const std::size_t mark = text.find('?');
  target.path = percent_decoded(text.substr(0, mark), false);
  std::string_view rest = mark == std::string_view::npos ? "" : text.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.empty()) continue;
    const std::size_t equals = std::min(one.find('='), one.size());
    std::string name = percent_decoded(one.substr(0, equals), true);
    std::string value =
        equals == one.size() ? std::string() : percent_decoded(one.substr(equals + 1), true);
    if (!target.query.emplace(name, std::move(value)).second) {
      throw bad("the parameter " + name + " comes twice");
    }
  }
  return target;
}

}  // namespace facet::server
