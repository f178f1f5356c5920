// SPDX-License-Identifier: Apache-2.0
// Which request is whose.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.hpp"

namespace facet::server {

struct Route {
  std::string method;
  std::string pattern;  // as the interface's description spells it: /v1/faces/{id}
  std::function<void(const ExchangePtr&)> answer;
  std::size_t most_body = 0;      // bytes
  bool open = false;              // without a token
  bool while_loading = false;     // does without the model
  bool checks_body_kind = false;  // photos alone: refused before they are read
};

class RouteTable {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }

  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> captured;
  };
  // HEAD is as GET. Throws HttpError: 404, 405 with Allow.
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
  // "other" where none fits.
  [[nodiscard]] std::string pattern_of(std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace facet::server
