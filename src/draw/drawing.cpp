// SPDX-License-Identifier: Apache-2.0
// What the drawing functions are outside of their library: a call into it.
#include <string>

#include "base/plugin_file.hpp"
#include "draw/drawing_interface.hpp"
#include "facet/error.hpp"

namespace facet {
namespace detail {
namespace {

constexpr const char* kFile = "libfacet_drawing.so";

const DrawingFunctions& load_drawing() {
  const std::string needs =
      "drawing needs the plugin " + std::string(kFile) + ", which is built with facet";
  void* function =
      load_plugin_function(plugin_places(kFile, kDrawingVariable), kDrawingSymbol, needs);
  const DrawingFunctions* functions =
      reinterpret_cast<GetDrawingFunctions>(function)(kDrawingBuild);
  if (functions != nullptr) return *functions;
  throw Error(ErrorCode::unsupported, needs + ": the one found was built with another facet");
}

const DrawingFunctions& drawing() {
  static const DrawingFunctions& functions = load_drawing();
  return functions;
}

}  // namespace

Image draw_map(const Image& photo, const HeatMap& map, float low, float high) {
  return drawing().draw_map(photo, map, low, high);
}

}  // namespace detail

Image annotate(const Image& photo, const PhotoResult& result) {
  return detail::drawing().annotate(photo, result);
}

}  // namespace facet
