// SPDX-License-Identifier: Apache-2.0
// The one function of libfacet_onnx_engine.so, which runs ONNX models. Plain C, so that either side
// may have been built alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "image/plugins/photo_plugin.hpp"

extern "C" {

struct FacetOnnxEngine {
  uint32_t version;     // kFacetOnnxEngineVersion of the side that was built alone
  const char* backend;  // what runs them, with its version, e.g. "OpenCV 4.6.0"
  // Reads a model file. Null on failure. A model serves one thread.
  void* (*open)(const char* path, struct FacetReason* reason);
  // One picture, channels × height × width, in; the output of that name out, all its values in
  // their order, which stay until the next call. 0 on failure.
  int (*run)(void* model, const float* picture, const int32_t sides[3], const char* output,
             const float** values, size_t* count, struct FacetReason* reason);
  void (*close)(void* model);
};

using FacetGetOnnxEngine = const FacetOnnxEngine*();
}

namespace facet::detail {

// Grows with any change of the above: plugins of another number are refused.
constexpr uint32_t kFacetOnnxEngineVersion = 1;
constexpr const char* kFacetOnnxEngineFunction = "facet_onnx_engine";

}  // namespace facet::detail
