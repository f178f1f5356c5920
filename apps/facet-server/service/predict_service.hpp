// SPDX-License-Identifier: Apache-2.0
// Photos that clients send: /v1/predict, /v1/explain, /v1/model.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "http/exchange.hpp"
#include "http/route_table.hpp"
#include "service/metrics.hpp"
#include "service/photo_queue.hpp"
#include "service/server_options.hpp"
#include "service/task_pool.hpp"

namespace facet::server {

class PredictService {
 public:
  PredictService(const ServerOptions& options, TaskPool& tasks, Metrics& metrics);
  ~PredictService();
  PredictService(const PredictService&) = delete;
  PredictService& operator=(const PredictService&) = delete;

  // Loads the model in a thread of its own; `failed` is called there with what is wrong.
  void load(std::function<void(const std::string&)> failed);
  void add_routes(RouteTable& routes);
  // Null until the model is loaded.
  [[nodiscard]] std::shared_ptr<const Model> model() const;

 private:
  // `explain`: also why.
  void predict(const ExchangePtr& exchange, bool explain);
  Response answer(const Exchange& exchange, const PhotoJob& job) const;
  [[nodiscard]] Response model_page() const;

  const ServerOptions& options_;
  TaskPool& tasks_;
  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Model> model_;
  std::unique_ptr<PhotoQueue> queue_;  // once it is there it stays
  std::string why_not_explained_;      // with it
  std::thread loading_;
};

}  // namespace facet::server
