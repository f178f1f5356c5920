// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/plugin_loader.hpp"

#include <array>
#include <string>

#include "base/plugin_file.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr const char* kFile = "libfacet_edgeboxes.so";
constexpr int kReasonSize = 400;

}  // namespace

std::vector<std::filesystem::path> edge_boxes_places() {
  return plugin_places(kFile, kEdgeBoxesVariable);
}

EdgeBoxesPlugin::EdgeBoxesPlugin(const std::vector<std::filesystem::path>& places)
    : find_windows_(reinterpret_cast<FacetEdgeWindows*>(load_plugin_function(
          places, kEdgeWindowsFunction,
          "proposals by EdgeBoxes need the plugin " + std::string(kFile) +
              ", built where OpenCV's ximgproc is (Debian: libopencv-contrib-dev)"))) {
}

std::vector<FacetEdgeWindow> EdgeBoxesPlugin::windows(const EdgeMap& edges, float min_area,
                                                      int max_windows) const {
  const FacetEdges view{edges.strength.data(), edges.direction.data(), edges.width, edges.height};
  std::vector<FacetEdgeWindow> windows(static_cast<std::size_t>(max_windows));
  std::array<char, kReasonSize> reason{};
  const int count =
      find_windows_(&view, min_area, windows.data(), max_windows, reason.data(), kReasonSize);
  if (count < 0) throw Error(ErrorCode::unsupported, std::string("EdgeBoxes: ") + reason.data());
  windows.resize(static_cast<std::size_t>(count));
  return windows;
}

}  // namespace facet::detail
