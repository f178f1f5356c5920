// SPDX-License-Identifier: Apache-2.0
// /v1/search, its suggestions, and /v1/attributes.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

#include "facet/model.hpp"
#include "http/exchange.hpp"
#include "index/browse/word_counts.hpp"
#include "service/index_connections.hpp"
#include "service/ranking_cache.hpp"

namespace facet::server {

// Thread-safe.
class SearchPages {
 public:
  explicit SearchPages(IndexConnections& connections) : connections_(connections) {}

  Response search(const Exchange& exchange);
  Response suggest(const Request& request);
  // Those of the model where there is no index; it may be null while it is loaded.
  Response attributes(const std::shared_ptr<const Model>& model);
  // The index has changed by us.
  void forget();

 private:
  std::shared_ptr<const detail::WordCounts> counts(detail::SqlDatabase& database,
                                                   const detail::Generation& generation);

  IndexConnections& connections_;
  RankingCache rankings_;
  std::mutex mutex_;
  std::shared_ptr<const detail::WordCounts> counts_;
  std::chrono::steady_clock::time_point counted_;
};

}  // namespace facet::server
