#include "report/drawing_module.hpp"

extern "C" [[gnu::visibility("default")]] const facet::detail::DrawingFunctions*
facet_drawing_functions_1() {
  static constexpr facet::detail::DrawingFunctions functions = {
      &facet::annotate, &facet::merge_scales, &facet::draw_map};
  return &functions;
}
