// SPDX-License-Identifier: Apache-2.0
// The pictures that were asked for last, so that a gallery that is scrolled back decodes nothing.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace facet::server {

// Thread-safe.
class PictureCache {
 public:
  explicit PictureCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // Null where it is not there.
  std::shared_ptr<const std::string> find(const std::string& key);
  void add(const std::string& key, std::shared_ptr<const std::string> picture);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const std::string> picture;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // used last first
  std::map<std::string, std::list<Entry>::iterator> places_;
  std::size_t bytes_ = 0;
  std::size_t most_bytes_;
};

}  // namespace facet::server
