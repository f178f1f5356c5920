// SPDX-License-Identifier: Apache-2.0
#include "service/ranking_cache.hpp"

#include <utility>

namespace facet::server {
namespace {

constexpr std::size_t kMostEntries = 16;
constexpr std::size_t kMostItems = 4'000'000;  // of all together, some 20 bytes each
constexpr auto kFresh = std::chrono::seconds(60);

}  // namespace

std::shared_ptr<const RankingCache::Entry> RankingCache::find(const std::string& id,
                                                              const std::string& query) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    const Entry& entry = **at;
    const bool fits =
        id.empty() ? entry.query == query && now - entry.made < kFresh && entry.made > forgotten_
                   : entry.id == id && entry.query == query;
    if (!fits) continue;
    entries_.splice(entries_.begin(), entries_, at);
    return entries_.front();
  }
  return nullptr;
}

std::shared_ptr<const RankingCache::Entry> RankingCache::add(const std::string& query,
                                                             detail::Ranking ranking) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  // The time keeps ids of two runs of the server apart.
  std::string id = std::to_string(++made_) + '-' + std::to_string(now.time_since_epoch().count());
  entries_.push_front(std::make_shared<const Entry>(Entry{
      std::move(id), query, std::make_shared<const detail::Ranking>(std::move(ranking)), now}));
  std::size_t items = 0;
  std::size_t count = 0;
  for (auto at = entries_.begin(); at != entries_.end();) {
    items += (*at)->ranking->faces.size() + (*at)->ranking->photos.size();
    const bool stays = ++count == 1 || (count <= kMostEntries && items <= kMostItems);
    at = stays ? std::next(at) : entries_.erase(at);
  }
  return entries_.front();
}

void RankingCache::forget_queries() {
  const std::lock_guard lock(mutex_);
  forgotten_ = std::chrono::steady_clock::now();
}

}  // namespace facet::server
