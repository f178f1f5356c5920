// SPDX-License-Identifier: Apache-2.0
// What facet index saw: /v1/search, /v1/attributes, /v1/faces, /v1/photos.
#pragma once

#include <functional>
#include <memory>

#include "facet/model.hpp"
#include "http/exchange.hpp"
#include "http/route_table.hpp"
#include "service/envelope.hpp"
#include "service/server_options.hpp"
#include "service/task_pool.hpp"

namespace facet::server {

class IndexService {
 public:
  // `model` gives the loaded one, or null.
  IndexService(const ServerOptions& options, TaskPool& tasks,
               std::function<std::shared_ptr<const Model>()> model);
  ~IndexService();
  IndexService(const IndexService&) = delete;
  IndexService& operator=(const IndexService&) = delete;

  void add_routes(RouteTable& routes);
  // Whether it is open, and what it holds.
  Json health();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::server
