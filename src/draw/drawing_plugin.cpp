// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "draw/drawing_interface.hpp"

extern "C" [[gnu::visibility("default")]] const facet::detail::DrawingFunctions*
facet_drawing_functions(const char* build) {
  static constexpr facet::detail::DrawingFunctions functions = {&facet::annotate,
                                                                &facet::detail::draw_map};
  return build == std::string_view(facet::detail::kDrawingBuild) ? &functions : nullptr;
}
