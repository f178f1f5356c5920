// SPDX-License-Identifier: Apache-2.0
// Drawing is a library of its own, libfacet_drawing.so, loaded when something is first drawn:
// OpenCV and what it needs take longer to load than a prediction takes.
#pragma once

#include "draw/draw_map.hpp"
#include "facet/draw.hpp"

namespace facet::detail {

struct DrawingFunctions {
  decltype(&facet::annotate) annotate = nullptr;
  decltype(&detail::draw_map) draw_map = nullptr;
};

// Names a file to load instead of the one beside the program.
constexpr const char* kDrawingVariable = "FACET_DRAWING_MODULE";
// The one symbol that the library shows; its number grows with any change of what is passed.
constexpr const char* kDrawingSymbol = "facet_drawing_functions_2";
using GetDrawingFunctions = const DrawingFunctions* (*)();

}  // namespace facet::detail
