// SPDX-License-Identifier: Apache-2.0
// The one function of the shared plugin libfacet_edgeboxes.so, the only part that links OpenCV's
// ximgproc. Plain C, so that either side may have been built alone.
#pragma once

extern "C" {

// Edge strength (0…1, 0 where there is no edge) and the direction across the edge (radians, 0…π, y
// downwards), both row-major, width × height.
struct FacetEdges {
  const float* strength;
  const float* direction;
  int width;
  int height;
};

struct FacetEdgeWindow {
  int x;
  int y;
  int width;
  int height;
};

// Writes at most `max_windows` windows of at least `min_area` pixels, best first, and returns how
// many. On failure returns -1 and writes the reason, ended by a zero, to `reason`.
using FacetEdgeWindows = int(const FacetEdges* edges, float min_area, FacetEdgeWindow* windows,
                             int max_windows, char* reason, int reason_size);
}

namespace facet::detail {

// Changes with the interface, so that a plugin of another version is refused, not misread.
constexpr const char* kEdgeWindowsFunction = "facet_edge_windows_1";

}  // namespace facet::detail
