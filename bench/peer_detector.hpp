// SPDX-License-Identifier: Apache-2.0
// Face detectors that facet's localisation is measured against.
#pragma once

#include <vector>

#include "evaluate/found_box.hpp"
#include "facet/image.hpp"

namespace facet::bench {
using namespace detail;

// Not thread-safe; one a thread.
class PeerDetector {
 public:
  PeerDetector() = default;
  PeerDetector(const PeerDetector&) = delete;
  PeerDetector& operator=(const PeerDetector&) = delete;
  virtual ~PeerDetector() = default;

  // Boxes inside the photo, weak ones included; those above the detector's own default accepted.
  virtual std::vector<FoundBox> find(const Image& photo) = 0;
};

}  // namespace facet::bench
