// SPDX-License-Identifier: Apache-2.0
// Rankings whose pages are being turned: all pages are of one state of the index.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "index/browse/ranking.hpp"

namespace facet::server {

// Thread-safe.
class RankingCache {
 public:
  struct Entry {
    std::string id;
    std::string query;  // all that decides what is found
    std::shared_ptr<const detail::Ranking> ranking;
    std::chrono::steady_clock::time_point made;
  };

  // By the id; without one the last of the query, unless it is older than a minute. Null where
  // there is none.
  std::shared_ptr<const Entry> find(const std::string& id, const std::string& query);
  std::shared_ptr<const Entry> add(const std::string& query, detail::Ranking ranking);
  // The next first page is of what is there then.
  void forget_queries();

 private:
  std::mutex mutex_;
  std::list<std::shared_ptr<const Entry>> entries_;  // used last first
  std::chrono::steady_clock::time_point forgotten_{};
  std::uint64_t made_ = 0;
};

}  // namespace facet::server
