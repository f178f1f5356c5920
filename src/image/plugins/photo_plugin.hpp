// SPDX-License-Identifier: Apache-2.0
// The one function of the libraries that read a photo format each: libfacet_heif.so and its
// siblings. Plain C, so that either side may have been built alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

struct FacetPhotoHeader {
  char format[16];  // as results name it, e.g. "HEIC"
  int32_t width;    // of the photo as it is stored, at full detail
  int32_t height;
  int32_t orientation;  // EXIF's number, 1…8; 1 where the pixels come upright already
  int32_t downwards;    // 1 where rows come in order, from the top; 0 where in any order
};

// Whom the pixels are given to; each function may be called by the thread that reads only.
struct FacetPixelTarget {
  void* context;
  // Called once, before any pixel: the size of what comes, that of the header or smaller (a preview
  // of the same picture, at least as large as was asked for). Returns 0 where the reading is to be
  // given up.
  int (*begin)(void* context, int32_t width, int32_t height);
  // `count` RGB pixels of row y, from column x on; a pixel once at most.
  void (*put)(void* context, int32_t x, int32_t y, int32_t count, const uint8_t* rgb);
  // The ICC profile of the pixels, where there is one. The bytes may go after the call.
  void (*profile)(void* context, const uint8_t* bytes, size_t size);
  // Their colours as ITU-T H.273 numbers them, where there is no profile.
  void (*colours)(void* context, int32_t primaries, int32_t transfer);
  // As put(), of photos of ink: four bytes a pixel, amounts of cyan, magenta, yellow and black. The
  // profile comes before the first of them.
  void (*put_ink)(void* context, int32_t x, int32_t y, int32_t count, const uint8_t* ink);
  // What is wrong with a file of which all pixels, or some, are given all the same.
  void (*warn)(void* context, const char* text);
};

// `reduce`: 1, 2, 4 or 8; pixels may come from a preview whose sides are no smaller than the
// photo's over this. `tolerant`: pixels that the file lacks may be left out.
struct FacetPhotoRequest {
  int32_t reduce;
  int32_t tolerant;
};

struct FacetReason {
  char text[240];  // why something failed, ended by a zero
};

struct FacetPhotoPlugin {
  uint32_t version;     // kFacetPhotoPluginVersion of the side that was built alone
  const char* backend;  // what reads, with its version, e.g. "libheif 1.15.1"
  // Reads the header only. The bytes stay as they are until close(). Null on failure.
  void* (*open)(const uint8_t* bytes, size_t size, FacetPhotoHeader* header, FacetReason* reason);
  // Gives the pixels; may be called again. Returns 0 on failure.
  int (*read)(void* photo, const FacetPhotoRequest* request, const FacetPixelTarget* target,
              FacetReason* reason);
  // The photo as a JPEG file of its own inside the file, with the header's orientation: then
  // nothing is asked of read(). Returns 0 where there is none. The bytes stay until close().
  int (*embedded)(void* photo, const uint8_t** bytes, size_t* size);
  void (*close)(void* photo);
};

using FacetGetPhotoPlugin = const FacetPhotoPlugin*();
}

namespace facet::detail {

// Grows with any change of the above: plugins of another number are refused.
constexpr uint32_t kFacetPhotoPluginVersion = 2;
constexpr const char* kFacetPhotoPluginFunction = "facet_photo_plugin";

}  // namespace facet::detail
