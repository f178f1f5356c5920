// SPDX-License-Identifier: Apache-2.0
// Listens, keeps the connections, ends them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/exchange.hpp"

namespace facet::server {

// One thread reads and writes for all clients; the application answers in threads of its own.
class HttpServer {
 public:
  // Listens from now on. Port 0: any that is free. Throws std::runtime_error that names the
  // address.
  HttpServer(Application& application, const HttpLimits& limits, const std::string& address,
             std::uint16_t port);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Serves until SIGTERM or SIGINT. Then nobody new is let in, what is being asked is answered, for
  // at most so long or until the second signal. `ending` is called at the first.
  void run(std::chrono::milliseconds drain_time, const std::function<void()>& ending);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::server
