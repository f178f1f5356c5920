// SPDX-License-Identifier: Apache-2.0
// The header Server-Timing: browsers show it beside a request.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

namespace facet::server {

class ServerTiming {
 public:
  void add(const char* name, std::chrono::steady_clock::duration time) {
    char text[64];
    std::snprintf(text, sizeof text, "%s%s;dur=%.1f", text_.empty() ? "" : ", ", name,
                  std::chrono::duration<double, std::milli>(time).count());
    text_ += text;
  }
  [[nodiscard]] std::pair<std::string, std::string> header() const {
    return {"Server-Timing", text_};
  }

 private:
  std::string text_;
};

}  // namespace facet::server
