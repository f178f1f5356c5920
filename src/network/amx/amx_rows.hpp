// SPDX-License-Identifier: Apache-2.0
// Runs a network on AMX a few rows, or a few small photos, at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "facet/image.hpp"
#include "network/amx/amx_network.hpp"

namespace facet::detail {

// True where all layers are convolutions: rows of pooling are not cut.
bool amx_can_run_rows(const NetworkSpec& spec);

// From layer to layer only as many rows are made as the core's own cache holds, and of what the
// next rows need again only that is kept: maps of large photos would go through memory. Values are
// those of AmxRunner to the bit. Not thread-safe.
class AmxRowRunner {
 public:
  // As AmxRunner's; only where amx_can_run_rows().
  AmxRowRunner(const NetworkSpec& spec, std::shared_ptr<const AmxLayers> layers, int planes);

  // The output of layer `last` for photos of one size, all of whose rows come in order. Throws
  // Error(invalid_argument) where a map is too small for a layer.
  void run(std::span<const Image> photos, std::size_t last, const RowSink& sink);

 private:
  // A map of which some rows are stored. Map 0 is the photos, map i + 1 the output of layer i.
  struct RollingMap {
    Bf16Map values;
    MapShape shape;   // of a whole photo's
    int padding = 0;  // rows and columns of zeros that its reader sees around it
    int first = 0;    // row in the place of values' first, -padding at the start
    int done = 0;     // rows made
    int end = 0;      // rows to be made now
  };

  void set_shapes(const Image& photo, std::size_t last);
  void choose_rows(std::size_t photos);
  void start(int photos);
  // Until when each map is needed for rows of the output until `end`.
  void set_ends(int end);
  [[nodiscard]] int first_needed(std::size_t map) const;
  void make_room(std::size_t map);
  void run_photos(std::span<const Image> photos, int first_photo, const RowSink& sink);
  void make_rows(std::size_t map, std::span<const Image> photos);
  void end_rows(std::size_t map);

  const NetworkSpec* spec_;
  std::shared_ptr<const AmxLayers> layers_;
  int planes_;
  int photo_planes_;
  std::vector<std::size_t> added_;  // the layer that each adds, no_shortcut where it adds none
  std::vector<RollingMap> maps_;
  std::size_t last_ = 0;
  int rows_together_ = 0;    // of the output
  int photos_together_ = 1;  // more than one only where all rows are made at once
  FeatureMap output_;
};

}  // namespace facet::detail
