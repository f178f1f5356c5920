// SPDX-License-Identifier: Apache-2.0
// All that the server answers, put together.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "http/access.hpp"
#include "http/exchange.hpp"
#include "http/route_table.hpp"
#include "service/index_service.hpp"
#include "service/metrics.hpp"
#include "service/predict_service.hpp"
#include "service/server_options.hpp"
#include "service/task_pool.hpp"

namespace facet::server {

class FacetApplication final : public Application {
 public:
  explicit FacetApplication(const ServerOptions& options);

  ~FacetApplication() override { tasks_.end(); }
  FacetApplication(const FacetApplication&) = delete;
  FacetApplication& operator=(const FacetApplication&) = delete;

  // Begins to load the model; `failed` is called in another thread where that cannot be.
  void load_model(std::function<void(const std::string&)> failed) {
    predict_.load(std::move(failed));
  }

  // From now on /v1/health says that the server ends.
  void set_draining() { draining_ = true; }

  std::size_t admit(const Request& head) override;
  void answer(const ExchangePtr& exchange) override;
  Response error(const Request& request, const HttpError& error) override;
  void finish(const Request& request, Response& response,
              std::chrono::steady_clock::duration took) override;

 private:
  void add_routes();
  [[nodiscard]] Response health();
  Response begin_session(const Request& request);
  Response end_session(const Request& request);
  [[nodiscard]] Response preflight(const Request& request) const;

  const ServerOptions& options_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  Access access_;
  Metrics metrics_;
  RouteTable routes_;
  std::atomic<bool> draining_ = false;
  TaskPool tasks_;
  // Their threads use all of the above.
  PredictService predict_;
  IndexService index_;
};

}  // namespace facet::server
