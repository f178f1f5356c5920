// What the drawing functions are outside of their library: a call into it.
#include <string>

#include "module/module_file.hpp"
#include "report/drawing_module.hpp"

namespace facet {
namespace {

constexpr const char* kFile = "libfacet_drawing.so";

const detail::DrawingFunctions& load_drawing() {
  void* function = detail::load_module_function(
      detail::module_places(kFile, detail::kDrawingVariable), detail::kDrawingSymbol,
      "drawing needs the module " + std::string(kFile) + ", which is built with facet");
  return *reinterpret_cast<detail::GetDrawingFunctions>(function)();
}

const detail::DrawingFunctions& drawing() {
  static const detail::DrawingFunctions& functions = load_drawing();
  return functions;
}

}  // namespace

Image annotate(const Image& photo, const PhotoResult& result,
               const std::vector<std::string>& attribute_names) {
  return drawing().annotate(photo, result, attribute_names);
}

HeatMap merge_scales(std::span<const ScaleMap> scales, int stride, int photo_width,
                     int photo_height, int longest_side) {
  return drawing().merge_scales(scales, stride, photo_width, photo_height, longest_side);
}

Image draw_map(const Image& photo, const HeatMap& map, float low, float high) {
  return drawing().draw_map(photo, map, low, high);
}

}  // namespace facet
