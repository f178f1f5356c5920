// SPDX-License-Identifier: Apache-2.0
// What the server counts, for Prometheus.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace facet::server {

// Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `route` as the interface's description spells it, "other" for what is none.
  void count_request(const std::string& route, const std::string& method, int status,
                     std::chrono::steady_clock::duration took);
  // Photos that were described together, and how long that took.
  void count_photos(std::size_t photos, std::size_t faces, std::size_t unreadable,
                    std::chrono::steady_clock::duration took);
  void set_waiting_photos(std::size_t photos);
  void set_model(const std::string& name, const std::string& version);

  // In Prometheus' text format.
  [[nodiscard]] std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::server
