// SPDX-License-Identifier: Apache-2.0
// A request on its way, and what answers it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace facet::server {

struct Exchange {
  Request request;
  std::vector<std::string> captured;  // what stands for {…} in the route
  std::chrono::steady_clock::time_point began;
  std::chrono::steady_clock::time_point deadline;
  std::stop_token stop;  // the client is gone, or the deadline passed
  // Called once, in any thread; later calls do nothing.
  std::function<void(Response)> reply;
};
using ExchangePtr = std::shared_ptr<Exchange>;

// What stands behind the HTTP server. Called in the server's one thread and must not block it.
class Application {
 public:
  virtual ~Application() = default;
  // The headers are there, the body is not: throws HttpError to refuse the request. Returns how
  // many bytes the body may have.
  virtual std::size_t admit(const Request& head) = 0;
  // Sees to it that exchange->reply() is called. May throw what admit() throws.
  virtual void answer(const ExchangePtr& exchange) = 0;
  // Any error as an answer.
  virtual Response error(const Request& request, const HttpError& error) = 0;
  // Adds the headers that every answer has, and counts it.
  virtual void finish(const Request& request, Response& response,
                      std::chrono::steady_clock::duration took) = 0;

 protected:
  Application() = default;
  Application(const Application&) = default;
  Application& operator=(const Application&) = default;
};

struct HttpLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t waiting_body_bytes = std::size_t{512} << 20;  // of all requests together
  std::size_t connections = 4096;
  std::chrono::milliseconds header_time{10'000};  // from the first byte on
  std::chrono::milliseconds body_time{60'000};
  std::chrono::milliseconds idle_time{75'000};    // between requests
  std::chrono::milliseconds write_time{60'000};   // for one answer
  std::chrono::milliseconds answer_time{30'000};  // a request's deadline, its body being there
};

}  // namespace facet::server
