// SPDX-License-Identifier: Apache-2.0
// What the plugins share: a photo as a C++ object behind the plain C of photo_plugin.hpp. Nothing
// of facet but headers may be used here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "image/plugins/photo_plugin.hpp"

namespace facet::plugin {

// Why a photo cannot be read; shown to the user.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline void set_reason(FacetReason* reason, const char* text) {
  std::snprintf(reason->text, sizeof reason->text, "%s", text);
}

// An upright photo of that format and size, whose rows come in order.
inline FacetPhotoHeader header_of(const char* format, std::int64_t width, std::int64_t height) {
  constexpr std::int64_t most = INT32_MAX;
  FacetPhotoHeader header{};
  std::snprintf(header.format, sizeof header.format, "%s", format);
  header.width = static_cast<std::int32_t>(std::min(width, most));
  header.height = static_cast<std::int32_t>(std::min(height, most));
  header.orientation = 1;
  header.downwards = 1;
  return header;
}

// A row of a photo, given on.
inline void put_row(const FacetPixelTarget& target, std::int32_t y,
                    std::span<const std::uint8_t> rgb) {
  target.put(target.context, 0, y, static_cast<std::int32_t>(rgb.size() / 3), rgb.data());
}

// Throws where the reading is to be given up.
inline void begin(const FacetPixelTarget& target, std::int32_t width, std::int32_t height) {
  if (target.begin(target.context, width, height) == 0) {
    throw Unreadable("the size that the file states is not that of its pixels");
  }
}

// Lays RGBA pixels over white.
inline void over_white(const std::uint8_t* rgba, std::uint8_t* rgb, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, rgba += 4, rgb += 3) {
    const unsigned white = 255U * (255U - rgba[3]) + 127U;
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>((rgba[c] * unsigned{rgba[3]} + white) / 255U);
    }
  }
}

// The same of pixels whose colours were multiplied by their alpha.
inline void premultiplied_over_white(const std::uint8_t* rgba, std::uint8_t* rgb,
                                     std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, rgba += 4, rgb += 3) {
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>(std::min(rgba[c] + 255 - rgba[3], 255));
    }
  }
}

// Photo: a class with Photo(std::span<const std::uint8_t> bytes), header() and
// read(const FacetPhotoRequest&, const FacetPixelTarget&), which throw Unreadable; where its file
// may hold a JPEG file, embedded() too.
template <typename Photo>
struct Functions {
  static void* open(const std::uint8_t* bytes, std::size_t size, FacetPhotoHeader* header,
                    FacetReason* reason) {
    return guarded<void*>(reason, [&]() -> void* {
      auto photo = std::make_unique<Photo>(std::span(bytes, size));
      *header = photo->header();
      return photo.release();
    });
  }
  static int read(void* photo, const FacetPhotoRequest* request, const FacetPixelTarget* target,
                  FacetReason* reason) {
    return guarded<int>(reason, [&] {
      static_cast<Photo*>(photo)->read(*request, *target);
      return 1;
    });
  }
  static int embedded(void* photo, const std::uint8_t** bytes, std::size_t* size) {
    if constexpr (requires(const Photo& object) { object.embedded(); }) {
      const std::span<const std::uint8_t> file = static_cast<Photo*>(photo)->embedded();
      *bytes = file.data();
      *size = file.size();
      return file.empty() ? 0 : 1;
    } else {
      return 0;
    }
  }
  static void close(void* photo) { delete static_cast<Photo*>(photo); }

 private:
  template <typename Result, typename Step>
  static Result guarded(FacetReason* reason, const Step& step) {
    try {
      return step();
    } catch (const std::bad_alloc&) {
      set_reason(reason, "not enough memory");
    } catch (const std::exception& error) {
      set_reason(reason, error.what());
    } catch (...) {
      set_reason(reason, "unknown failure");
    }
    return Result{};
  }
};

template <typename Photo>
constexpr FacetPhotoPlugin plugin_of(const char* library) {
  return {detail::kFacetPhotoPluginVersion, library,
          &Functions<Photo>::open,          &Functions<Photo>::read,
          &Functions<Photo>::embedded,      &Functions<Photo>::close};
}

}  // namespace facet::plugin
