// SPDX-License-Identifier: Apache-2.0
// What the drawing functions are outside of their library: a call into it.
#include <string>

#include "base/plugin_file.hpp"
#include "draw/drawing_interface.hpp"

namespace facet {
namespace detail {
namespace {

constexpr const char* kFile = "libfacet_drawing.so";

const DrawingFunctions& load_drawing() {
  void* function = load_module_function(
      module_places(kFile, kDrawingVariable), kDrawingSymbol,
      "drawing needs the module " + std::string(kFile) + ", which is built with facet");
  return *reinterpret_cast<GetDrawingFunctions>(function)();
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

Image annotate(const Image& photo, const PhotoResult& result,
               const std::vector<std::string>& attribute_names) {
  return detail::drawing().annotate(photo, result, attribute_names);
}

}  // namespace facet
