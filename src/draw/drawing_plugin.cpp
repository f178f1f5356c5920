// SPDX-License-Identifier: Apache-2.0
#include "draw/drawing_interface.hpp"

extern "C" [[gnu::visibility("default")]] const facet::detail::DrawingFunctions*
facet_drawing_functions_2() {
  static constexpr facet::detail::DrawingFunctions functions = {&facet::annotate,
                                                                &facet::detail::draw_map};
  return &functions;
}
