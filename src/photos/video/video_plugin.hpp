// SPDX-License-Identifier: Apache-2.0
// The one function of libfacet_video.so, which reads frames of videos. Plain C, so that either side
// may have been built alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "image/plugins/photo_plugin.hpp"

extern "C" {

struct FacetVideoHeader {
  int32_t width;  // of its frames as they are stored, with square pixels
  int32_t height;
  int32_t orientation;  // of them, EXIF's number, 1…8
  double duration;      // in seconds, as the file states it; 0 where it does not
};

struct FacetVideoFrame {
  double time;  // in seconds from the beginning
  int32_t width;
  int32_t height;
  int32_t primaries;  // its colours as ITU-T H.273 numbers them
  int32_t transfer;
  const uint8_t* rgb;  // stays until the next call
  ptrdiff_t stride;    // bytes from a row to the next
};

struct FacetVideoRequest {
  int64_t max_pixels;  // of a frame
  int32_t threads;
  int32_t tolerant;  // frames with wrong pixels are given too
};

struct FacetVideoPlugin {
  uint32_t version;     // kFacetVideoPluginVersion of the side that was built alone
  const char* backend;  // what reads, with its version, e.g. "FFmpeg 5.1.6"
  // Reads what the file says of itself. Null on failure.
  void* (*open)(const char* path, const struct FacetVideoRequest* request,
                struct FacetVideoHeader* header, struct FacetReason* reason);
  // The first frame at `time` or later. 1; 0 at the end of the video, with what is wrong with the
  // file in `reason`; -1 on failure.
  int (*frame_at)(void* video, double time, struct FacetVideoFrame* frame,
                  struct FacetReason* reason);
  void (*close)(void* video);
};

using FacetGetVideoPlugin = const FacetVideoPlugin*();
}

namespace facet::detail {

// Grows with any change of the above: plugins of another number are refused.
constexpr uint32_t kFacetVideoPluginVersion = 1;
constexpr const char* kFacetVideoPluginFunction = "facet_video_plugin";

}  // namespace facet::detail
