// SPDX-License-Identifier: Apache-2.0
// Loads libfacet_edgeboxes.so when it is first asked for.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "localise/proposers/edgeboxes/edge_map.hpp"
#include "localise/proposers/edgeboxes/plugin_interface.hpp"

namespace facet::detail {

// Names a file to load instead of those beside the program.
constexpr const char* kEdgeBoxesVariable = "FACET_EDGEBOXES_PLUGIN";

// Where the plugin is looked for: the file that FACET_EDGEBOXES_PLUGIN names, else beside the
// executable or the shared library that facet is part of, and in ../lib/facet seen from there.
std::vector<std::filesystem::path> edge_boxes_places();

// The plugin, once loaded, stays until the process ends. Not thread-safe.
class EdgeBoxesPlugin {
 public:
  // Loads the first of the files that is there. Throws Error(unsupported) that says what is
  // missing.
  explicit EdgeBoxesPlugin(const std::vector<std::filesystem::path>& places = edge_boxes_places());

  // At most `max_windows` windows of at least `min_area` pixels, inside the map, best first. The
  // same map gives the same windows.
  [[nodiscard]] std::vector<FacetEdgeWindow> windows(const EdgeMap& edges, float min_area,
                                                     int max_windows) const;

 private:
  FacetEdgeWindows* find_windows_ = nullptr;
};

}  // namespace facet::detail
