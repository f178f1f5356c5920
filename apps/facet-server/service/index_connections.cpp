// SPDX-License-Identifier: Apache-2.0
#include "service/index_connections.hpp"

#include <sys/stat.h>

#include <exception>
#include <utility>

#include "facet/error.hpp"
#include "http/message.hpp"
#include "index/store/open_index.hpp"

namespace facet::server {

using detail::SqlDatabase;

namespace {

constexpr std::size_t kMostIdle = 4;

std::string location_of(const std::string& named) {
  try {
    return detail::index_location(named);
  } catch (const Error&) {
    return {};  // the machine has no usual place: as if there were no index
  }
}

std::unique_ptr<SqlDatabase> open(const std::string& location) {
  try {
    if (location.empty()) throw Error(ErrorCode::not_found, "no index is named");
    return detail::open_index(location);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    throw HttpError(
        404, "no_index",
        "this server has no index; facet index makes one (" + std::string(error.what()) + ")");
  }
}

}  // namespace

IndexConnections::IndexConnections(const std::string& location) : location_(location_of(location)) {
}

IndexConnections::Lease::Lease(IndexConnections& owner, std::unique_ptr<SqlDatabase> database)
    : owner_(owner), database_(std::move(database)), exceptions_(std::uncaught_exceptions()) {
}

IndexConnections::Lease::~Lease() {
  if (std::uncaught_exceptions() > exceptions_) return;
  const std::lock_guard lock(owner_.mutex_);
  if (owner_.idle_.size() < kMostIdle) owner_.idle_.push_back(std::move(database_));
}

IndexConnections::Place IndexConnections::place_now() const {
  struct stat state {};
  if (location_.empty() || detail::is_postgres_location(location_) ||
      ::stat(location_.c_str(), &state) != 0) {
    return {};
  }
  return {state.st_dev, state.st_ino};
}

IndexConnections::Lease IndexConnections::read() {
  {
    const std::lock_guard lock(mutex_);
    if (const Place now = place_now(); now != place_) {
      idle_.clear();
      place_ = now;
    }
    if (!idle_.empty()) {
      std::unique_ptr<SqlDatabase> database = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(database)};
    }
  }
  return {*this, open(location_)};
}

std::unique_ptr<SqlDatabase> IndexConnections::write() {
  (void)open(location_);  // says where there is none, instead of making one
  return detail::open_or_make_index(location_);
}

}  // namespace facet::server
