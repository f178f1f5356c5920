// SPDX-License-Identifier: Apache-2.0
// The libraries that read further formats, each loaded when its first photo is met.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "image/photo_reader.hpp"
#include "image/plugins/photo_plugin.hpp"

namespace facet::detail {

enum class PhotoPlugin { heif, tiff, gif, jxl, raw };

struct PhotoPluginInfo {
  const char* formats;   // for people, e.g. "HEIC"
  const char* file;      // of the library
  const char* variable;  // of the environment: names a file to load instead
  const char* package;   // Debian's, that facet's build needs for it
};
const PhotoPluginInfo& plugin_info(PhotoPlugin plugin);

// Loads it. Throws Error(unsupported) that names the package, where it is not there.
const FacetPhotoPlugin& load_plugin(PhotoPlugin plugin);

// Opens a file by a plugin, as open_jpeg() and the others do.
std::unique_ptr<PhotoReader> open_by_plugin(PhotoPlugin plugin, std::span<const std::byte> bytes,
                                            bool tolerant);

}  // namespace facet::detail
