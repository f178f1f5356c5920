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
constexpr const char* kDrawingVariable = "FACET_DRAWING_PLUGIN";
// The one symbol that the library shows. C++ types pass between both, so each says how it was
// built: null where the answers differ.
constexpr const char* kDrawingSymbol = "facet_drawing_functions";
using GetDrawingFunctions = const DrawingFunctions* (*)(const char* build);
// A hash over the headers that declare what is passed, and the compiler.
constexpr const char* kDrawingBuild = FACET_DRAWING_BUILD;

}  // namespace facet::detail
