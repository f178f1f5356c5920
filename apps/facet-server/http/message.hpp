// SPDX-License-Identifier: Apache-2.0
// Requests and answers as plain values.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace facet::server {

// Decoded; a name that comes twice is refused where the target is read.
using Parameters = std::map<std::string, std::string, std::less<>>;

struct Request {
  std::string id;  // names the request in errors and in the log
  std::string method;
  std::string path;  // decoded
  Parameters query;
  std::map<std::string, std::string, std::less<>> headers;  // by name in lower case
  std::string body;

  // Empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? std::string_view() : std::string_view(at->second);
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  // Instead of `body`, for what is kept anyway.
  std::shared_ptr<const std::string> shared_body;

  [[nodiscard]] const std::string& text() const { return shared_body ? *shared_body : body; }
};

// What ends a request: its status, and the code and the message of the error's envelope.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, std::string code, const std::string& message, Headers headers = {})
      : std::runtime_error(message),
        status_(status),
        code_(std::move(code)),
        headers_(std::move(headers)) {}

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const Headers& headers() const noexcept { return headers_; }

 private:
  int status_;
  std::string code_;
  Headers headers_;
};

}  // namespace facet::server
