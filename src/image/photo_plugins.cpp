// SPDX-License-Identifier: Apache-2.0
#include "image/photo_plugins.hpp"

#include <array>

#include "base/plugin_file.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr std::array<PhotoPluginInfo, 5> kPlugins = {{
    {"HEIC, HEIF and AVIF", "libfacet_heif.so", "FACET_HEIF_PLUGIN", "libheif-dev"},
    {"TIFF", "libfacet_tiff.so", "FACET_TIFF_PLUGIN", "libtiff-dev"},
    {"GIF", "libfacet_gif.so", "FACET_GIF_PLUGIN", "libgif-dev"},
    {"JPEG XL", "libfacet_jxl.so", "FACET_JXL_PLUGIN", "libjxl-dev"},
    {"Raw", "libfacet_raw.so", "FACET_RAW_PLUGIN", "libraw-dev"},
}};

using Loaded = LoadedPlugin<FacetPhotoPlugin>;

Loaded load(const PhotoPluginInfo& info) {
  const std::string needs = std::string(info.formats) + " photos need the plugin " + info.file +
                            ", which is in the package facet-plugins, or built where Debian's " +
                            info.package + " is installed";
  return load_plugin_table<FacetPhotoPlugin>(plugin_places(info.file, info.variable),
                                             kFacetPhotoPluginFunction, needs,
                                             kFacetPhotoPluginVersion);
}

// Each is looked for once, and photos of its kind are many.
template <PhotoPlugin kind>
const Loaded& loaded() {
  static const Loaded loaded = load(plugin_info(kind));
  return loaded;
}

const Loaded& loaded_of(PhotoPlugin plugin) {
  switch (plugin) {
    case PhotoPlugin::heif:
      return loaded<PhotoPlugin::heif>();
    case PhotoPlugin::tiff:
      return loaded<PhotoPlugin::tiff>();
    case PhotoPlugin::gif:
      return loaded<PhotoPlugin::gif>();
    case PhotoPlugin::jxl:
      return loaded<PhotoPlugin::jxl>();
    case PhotoPlugin::raw:
      break;
  }
  return loaded<PhotoPlugin::raw>();
}

}  // namespace

const PhotoPluginInfo& plugin_info(PhotoPlugin plugin) {
  return kPlugins.at(static_cast<std::size_t>(plugin));
}

const FacetPhotoPlugin& load_plugin(PhotoPlugin plugin) {
  const Loaded& loaded = loaded_of(plugin);
  if (loaded.table == nullptr) throw Error(ErrorCode::unsupported, loaded.fault);
  return *loaded.table;
}

}  // namespace facet::detail
