// SPDX-License-Identifier: Apache-2.0
#include "image/colour_conversion.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "base/plugin_file.hpp"
#include "facet/error.hpp"
#include "image/plugins/colour_plugin.hpp"

namespace facet::detail {
namespace {

constexpr const char* kTakenForSrgb = "colours are taken for sRGB: ";
constexpr ColourPluginInfo kInfo = {"libfacet_colour.so", "FACET_COLOUR_PLUGIN", "liblcms2-dev"};
// Profiles of printers hold large tables; beyond this they are an attack.
constexpr std::size_t kLargestProfile = std::size_t{32} << 20;

using Loaded = LoadedPlugin<FacetColourPlugin>;

Loaded load() {
  const std::string needs = std::string("colours other than sRGB need the plugin ") + kInfo.file +
                            ", which is in the package facet-plugins, or built where Debian's " +
                            kInfo.package + " is installed";
  return load_plugin_table<FacetColourPlugin>(plugin_places(kInfo.file, kInfo.variable),
                                              kFacetColourPluginFunction, needs,
                                              kFacetColourPluginVersion);
}

// Looked for once; photos are many.
const Loaded& loaded() {
  static const Loaded loaded = load();
  return loaded;
}

bool is_grey_profile(std::span<const std::byte> profile) {
  constexpr std::string_view grey = "GRAY";
  constexpr std::size_t place = 16;
  return profile.size() >= place + grey.size() &&
         std::memcmp(profile.data() + place, grey.data(), grey.size()) == 0;
}

bool is_grey(const Image& image) {
  for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
    if (image.pixels[i] != image.pixels[i + 1] || image.pixels[i] != image.pixels[i + 2]) {
      return false;
    }
  }
  return true;
}

}  // namespace

const ColourPluginInfo& colour_plugin_info() {
  return kInfo;
}

const FacetColourPlugin& load_colour_plugin() {
  if (loaded().table == nullptr) throw Error(ErrorCode::unsupported, loaded().fault);
  return *loaded().table;
}

ColourConversion::ColourConversion(const StoredColours& colours, bool ink) : fault_(colours.fault) {
  const bool known = colours.profile.empty() ? !colours.coded || is_srgb(*colours.coded)
                                             : !ink && is_srgb_profile(colours.profile);
  if (known) return;
  try {
    open(colours, ink);
  } catch (const Error& error) {
    fault_ = std::string(ink ? "colours are taken for plain inks: " : kTakenForSrgb) + error.what();
  }
}

void ColourConversion::open(const StoredColours& colours, bool ink) {
  FacetColourSpace space{};
  if (colours.profile.size() > kLargestProfile) {
    throw Error(ErrorCode::unsupported, "its colour profile is too large");
  }
  if (!colours.profile.empty()) {
    space.profile = reinterpret_cast<const std::uint8_t*>(colours.profile.data());
    space.profile_size = colours.profile.size();
  } else {
    std::copy(colours.coded->chromaticities.begin(), colours.coded->chromaticities.end(),
              space.chromaticities);
    space.transfer = colours.coded->transfer;
    space.gamma = colours.coded->gamma;
  }
  grey_ = !ink && is_grey_profile(colours.profile);
  const FacetColourPlugin& plugin = load_colour_plugin();
  FacetReason reason{};
  void* conversion = plugin.open(&space, ink ? 4 : grey_ ? 1 : 3, &reason);
  if (conversion == nullptr) throw Error(ErrorCode::unsupported, reason.text);
  conversion_ = std::shared_ptr<void>(conversion, plugin.close);
  plugin_ = &plugin;
}

void ColourConversion::convert(Image& image) {
  if (!any()) return;
  if (grey_) {
    convert_grey(image);
  } else {
    plugin_->convert(conversion_.get(), image.pixels.data(), image.pixels.data(),
                     image.pixels.size() / 3);
  }
}

void ColourConversion::convert_grey(Image& image) {
  if (!is_grey(image)) {
    fault_ = std::string(kTakenForSrgb) +
             "its colour profile is one of grey, but the photo is one of RGB";
    return;
  }
  std::array<std::uint8_t, 256> grey{};
  for (std::size_t i = 0; i < grey.size(); ++i) grey[i] = static_cast<std::uint8_t>(i);
  std::array<std::uint8_t, 256 * 3> rgb{};
  plugin_->convert(conversion_.get(), grey.data(), rgb.data(), grey.size());
  for (std::uint8_t& value : image.pixels) value = rgb[std::size_t{3} * value + 1];
}

void ColourConversion::convert_ink(const std::uint8_t* ink, std::uint8_t* rgb,
                                   std::size_t count) const noexcept {
  plugin_->convert(conversion_.get(), ink, rgb, count);
}

}  // namespace facet::detail
