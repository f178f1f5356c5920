// Face detectors that facet's localisation is measured against.
#pragma once

#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::bench {

struct FoundBox {
  Box box;
  float score = 0;
  bool accepted = false;  // at the detector's own defaults
};

// Not thread-safe; one a thread.
class PeerDetector {
 public:
  PeerDetector() = default;
  PeerDetector(const PeerDetector&) = delete;
  PeerDetector& operator=(const PeerDetector&) = delete;
  virtual ~PeerDetector() = default;

  // Boxes inside the photo, weak ones included.
  virtual std::vector<FoundBox> find(const Image& photo) = 0;
};

}  // namespace facet::bench
