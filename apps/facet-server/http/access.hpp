// SPDX-License-Identifier: Apache-2.0
// Who may ask: by the name of the server that a request states, by the page it comes from, by its
// token.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/message.hpp"

namespace facet::server {

struct AccessRules {
  // Names that the server goes by, beside localhost and addresses as numbers. A page whose own name
  // was made to mean this machine (DNS rebinding) states that name, and is refused.
  std::set<std::string, std::less<>> hosts;
  std::set<std::string, std::less<>> origins;  // whose pages may ask; scheme://host:port
  std::string token;                           // empty: none is asked for
};

// Pages that have shown the token and hold a cookie instead. Thread-safe.
class Sessions {
 public:
  std::string begin();
  void end(const std::string& cookie);
  [[nodiscard]] bool holds(const std::string& cookie);

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  std::unordered_map<std::string, Clock::time_point> last_used_;
};

class Access {
 public:
  explicit Access(AccessRules rules) : rules_(std::move(rules)) {}

  // Throws HttpError(421) for a foreign Host, HttpError(403) for a page of another site.
  void check_origin(const Request& request) const;
  // Throws HttpError(401).
  void check_token(const Request& request);
  // Whether the text is the token; takes as long for every text of its length.
  [[nodiscard]] bool is_token(std::string_view text) const;
  [[nodiscard]] bool asks_for_token() const { return !rules_.token.empty(); }
  // The headers that let the page read the answer; none where it is of this server.
  [[nodiscard]] Headers cross_origin_headers(const Request& request) const;

  Sessions& sessions() { return sessions_; }
  static std::string session_of(const Request& request);

 private:
  [[nodiscard]] bool goes_by(std::string_view host) const;

  AccessRules rules_;
  Sessions sessions_;
};

// "name" of "name:80", "::1" of "[::1]:80".
std::string host_name(std::string_view host);
// 127.0.0.1, ::1 and the like.
bool is_loopback(const std::string& address);

}  // namespace facet::server
