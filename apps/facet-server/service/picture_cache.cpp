// SPDX-License-Identifier: Apache-2.0
#include "service/picture_cache.hpp"

#include <utility>

namespace facet::server {

std::shared_ptr<const std::string> PictureCache::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto at = places_.find(key);
  if (at == places_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, at->second);
  return at->second->picture;
}

void PictureCache::add(const std::string& key, std::shared_ptr<const std::string> picture) {
  const std::lock_guard lock(mutex_);
  if (places_.contains(key) || picture->size() > most_bytes_) return;
  bytes_ += picture->size();
  entries_.push_front({key, std::move(picture)});
  places_[key] = entries_.begin();
  while (bytes_ > most_bytes_) {
    bytes_ -= entries_.back().picture->size();
    places_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

}  // namespace facet::server
