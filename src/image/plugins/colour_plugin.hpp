// SPDX-License-Identifier: Apache-2.0
// The one function of libfacet_colour.so, which brings pixels to sRGB. Plain C, so that either side
// may have been built alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "image/plugins/photo_plugin.hpp"

extern "C" {

// What the values of pixels mean: by an ICC profile, or, where `profile` is null, by the rest.
struct FacetColourSpace {
  const uint8_t* profile;
  size_t profile_size;
  double chromaticities[8];  // x and y of white, red, green and blue
  int32_t transfer;          // as ITU-T H.273 numbers it; 0: `gamma` says it
  double gamma;              // a value to this power is light
};

struct FacetColourPlugin {
  uint32_t version;     // kFacetColourPluginVersion of the side that was built alone
  const char* backend;  // what converts, with its version, e.g. "lcms2 2.14"
  // Pixels will have so many values: 1 grey, 3 RGB, 4 amounts of ink. Null on failure, and where
  // the space is one of another number of values.
  void* (*open)(const struct FacetColourSpace* space, int32_t values, struct FacetReason* reason);
  // `from` and `rgb` may be the same where there are three values.
  void (*convert)(const void* conversion, const uint8_t* from, uint8_t* rgb, size_t count);
  void (*close)(void* conversion);
};

using FacetGetColourPlugin = const FacetColourPlugin*();
}

namespace facet::detail {

// Grows with any change of the above: plugins of another number are refused.
constexpr uint32_t kFacetColourPluginVersion = 1;
constexpr const char* kFacetColourPluginFunction = "facet_colour_plugin";

}  // namespace facet::detail
