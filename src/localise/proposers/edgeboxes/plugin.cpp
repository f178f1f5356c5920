// SPDX-License-Identifier: Apache-2.0
// libfacet_edgeboxes.so: EdgeBoxes (Zitnick and Dollár, ECCV 2014) as OpenCV's ximgproc has it.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/ximgproc/edgeboxes.hpp>
#include <vector>

#include "localise/proposers/edgeboxes/plugin_interface.hpp"

namespace {

constexpr float kStep = 0.65F;       // overlap of neighbouring windows of the search
constexpr float kDuplicate = 0.75F;  // windows that overlap more are one
constexpr float kWeakestScore = 0.01F;
constexpr float kWeakestEdge = 0.05F;  // that is grouped into contours

cv::Mat plane(const float* values, const FacetEdges& edges) {
  return cv::Mat(edges.height, edges.width, CV_32F, const_cast<float*>(values));
}

}  // namespace

extern "C" int facet_edge_windows_1(const FacetEdges* edges, float min_area,
                                    FacetEdgeWindow* windows, int max_windows, char* reason,
                                    int reason_size) {
  try {
    // A fresh one each time: it keeps what it knows of the last photo.
    const auto search = cv::ximgproc::createEdgeBoxes(
        kStep, kDuplicate, 1, kWeakestScore, max_windows, kWeakestEdge, 0.5F, 0.5F, 2, min_area);
    std::vector<cv::Rect> found;
    search->getBoundingBoxes(plane(edges->strength, *edges), plane(edges->direction, *edges),
                             found);
    const int count = std::min(max_windows, static_cast<int>(found.size()));
    for (int i = 0; i < count; ++i) {
      const cv::Rect& window = found[static_cast<std::size_t>(i)];
      windows[i] = {window.x, window.y, window.width, window.height};
    }
    return count;
  } catch (const std::exception& error) {
    std::snprintf(reason, static_cast<std::size_t>(reason_size), "%s", error.what());
  } catch (...) {
    std::snprintf(reason, static_cast<std::size_t>(reason_size), "unknown failure");
  }
  return -1;
}
