// SPDX-License-Identifier: Apache-2.0
// What the server is told when it starts.
#pragma once

#include <cstdint>
#include <string>

#include "facet/precision.hpp"
#include "http/access.hpp"
#include "http/exchange.hpp"

namespace facet::server {

struct ServerOptions {
  std::string db;     // empty: the usual place
  std::string model;  // empty: the default model
  Precision precision = Precision::automatic;
  int threads = 0;         // 0: as many as the machine has
  bool read_only = false;  // no corrections
  bool log_requests = false;
  AccessRules access;
  HttpLimits http;
  std::size_t max_body = std::size_t{32} << 20;
  std::int64_t max_pixels = 100'000'000;
  std::size_t max_photos = 16;    // of one request
  std::size_t max_waiting = 512;  // photos
};

}  // namespace facet::server
