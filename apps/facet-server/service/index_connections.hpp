// SPDX-License-Identifier: Apache-2.0
// Connections to the index, as many as are used at once.
#pragma once

#include <sys/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "index/sql/sql_database.hpp"

namespace facet::server {

class IndexConnections {
 public:
  // Empty: the usual place. Nothing is opened yet.
  explicit IndexConnections(const std::string& location);

  // One that reads, for a while. Where an exception leaves the scope it is not used again.
  class Lease {
   public:
    Lease(IndexConnections& owner, std::unique_ptr<detail::SqlDatabase> database);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    detail::SqlDatabase& operator*() const { return *database_; }

   private:
    IndexConnections& owner_;
    std::unique_ptr<detail::SqlDatabase> database_;
    int exceptions_;
  };
  // Throws HttpError(404, no_index) where there is none, Error for what else is wrong with it.
  Lease read();
  // One that writes.
  std::unique_ptr<detail::SqlDatabase> write();

 private:
  // The file that is open, to see when another took its place.
  struct Place {
    dev_t device = 0;
    ino_t file = 0;
    friend bool operator==(const Place&, const Place&) = default;
  };
  [[nodiscard]] Place place_now() const;

  std::string location_;
  std::mutex mutex_;
  Place place_;
  std::vector<std::unique_ptr<detail::SqlDatabase>> idle_;
};

}  // namespace facet::server
