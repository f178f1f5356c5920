// SPDX-License-Identifier: Apache-2.0
#include "http/access.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <random>

#include "http/header_text.hpp"

namespace facet::server {
namespace {

constexpr auto kSessionTime = std::chrono::hours(24 * 7);  // without a request
constexpr std::size_t kMostSessions = 1000;
constexpr std::string_view kCookie = "facet_session";

bool is_address(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

std::string random_text() {
  std::random_device device;  // the system's own on Linux
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < 8; ++i) {
    for (unsigned bits = device(), n = 0; n < 8; ++n, bits >>= 4) text += digits[bits & 15];
  }
  return text;
}

}  // namespace

std::string host_name(std::string_view host) {
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return lower_case(host.substr(0, host.find(':')));
}

bool is_loopback(const std::string& address) {
  if (address == "localhost") return true;
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return bytes[0] == 127;
  return address == "::1";
}

std::string Sessions::begin() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  std::erase_if(last_used_, [&](const auto& one) { return now - one.second > kSessionTime; });
  if (last_used_.size() >= kMostSessions) {
    last_used_.erase(std::min_element(last_used_.begin(), last_used_.end(),
                                      [](auto& a, auto& b) { return a.second < b.second; }));
  }
  std::string cookie = random_text();
  last_used_[cookie] = now;
  return cookie;
}

void Sessions::end(const std::string& cookie) {
  const std::lock_guard lock(mutex_);
  last_used_.erase(cookie);
}

bool Sessions::holds(const std::string& cookie) {
  const std::lock_guard lock(mutex_);
  const auto at = last_used_.find(cookie);
  if (at == last_used_.end()) return false;
  const auto now = Clock::now();
  if (now - at->second > kSessionTime) {
    last_used_.erase(at);
    return false;
  }
  at->second = now;
  return true;
}

bool Access::goes_by(std::string_view host) const {
  const std::string name = host_name(host);
  return name == "localhost" || name.ends_with(".localhost") || is_address(name) ||
         rules_.hosts.contains(name);
}

void Access::check_origin(const Request& request) const {
  const std::string_view host = request.header("host");
  if (!goes_by(host)) {
    throw HttpError(
        421, "misdirected_request",
        "this server does not go by the name " + host_name(host) + "; --allow-host lets it");
  }
  const std::string origin(request.header("origin"));
  if (origin.empty()) {
    // Pictures and scripts that pages of other sites ask for state no origin, but this; following
    // a link from elsewhere is no harm.
    const bool follows_link = request.header("sec-fetch-mode") == "navigate" &&
                              (request.method == "GET" || request.method == "HEAD");
    if (request.header("sec-fetch-site") == "cross-site" && !follows_link) {
      throw HttpError(403, "forbidden", "pages of other sites may not ask this server");
    }
    return;
  }
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string::npos && origin.substr(scheme + 3) == host) return;
  if (rules_.origins.contains(origin)) return;
  throw HttpError(403, "forbidden",
                  "pages of " + origin + " may not ask this server; --allow-origin lets them");
}

Headers Access::cross_origin_headers(const Request& request) const {
  const std::string origin(request.header("origin"));
  if (origin.empty() || !rules_.origins.contains(origin)) return {};
  return {{"Access-Control-Allow-Origin", origin},
          {"Access-Control-Expose-Headers", "X-Request-Id, Server-Timing, Retry-After"},
          {"Vary", "Origin"}};
}

bool Access::is_token(std::string_view text) const {
  if (text.size() != rules_.token.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    difference |= static_cast<unsigned char>(text[i] ^ rules_.token[i]);
  }
  return difference == 0;
}

std::string Access::session_of(const Request& request) {
  std::string_view cookies = request.header("cookie");
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    const std::string_view one = trimmed(cookies.substr(0, end));
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    const std::size_t equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == kCookie) {
      return std::string(one.substr(equals + 1));
    }
  }
  return {};
}

void Access::check_token(const Request& request) {
  if (!asks_for_token()) return;
  const std::string_view header = request.header("authorization");
  if (lower_case(header.substr(0, 7)) == "bearer ") {
    if (is_token(trimmed(header.substr(7)))) return;
  } else if (sessions_.holds(session_of(request))) {
    return;
  }
  throw HttpError(401, "unauthorized",
                  header.empty() ? "this server asks for a token: Authorization: Bearer …"
                                 : "the token is wrong",
                  {{"WWW-Authenticate", "Bearer"}});
}

}  // namespace facet::server
