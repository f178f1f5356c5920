// SPDX-License-Identifier: Apache-2.0
#include "http/route_table.hpp"

#include <algorithm>
#include <optional>

namespace facet::server {
namespace {

std::optional<std::vector<std::string>> fits(std::string_view pattern, std::string_view path) {
  std::vector<std::string> captured;
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    const std::string_view piece = path.substr(0, path_end);
    if (pattern.starts_with("/{")) {
      if (piece.size() < 2) return std::nullopt;
      captured.emplace_back(piece.substr(1));
    } else if (piece != pattern.substr(0, pattern_end)) {
      return std::nullopt;
    }
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return captured;
}

}  // namespace

RouteTable::Match RouteTable::find(std::string_view method, std::string_view path) const {
  std::string allowed;
  for (const Route& route : routes_) {
    auto captured = fits(route.pattern, path);
    if (!captured) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) {
      return {&route, std::move(*captured)};
    }
    allowed += (allowed.empty() ? "" : ", ") + route.method;
  }
  if (allowed.empty()) throw HttpError(404, "not_found", "there is nothing at this address");
  throw HttpError(405, "method_not_allowed", "this address takes " + allowed, {{"Allow", allowed}});
}

std::string RouteTable::pattern_of(std::string_view path) const {
  for (const Route& route : routes_) {
    if (fits(route.pattern, path)) return route.pattern;
  }
  return "other";
}

}  // namespace facet::server
