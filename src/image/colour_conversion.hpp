// SPDX-License-Identifier: Apache-2.0
// Photos of other colour spaces brought to sRGB, by a plugin that is loaded when the first of them
// is met.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "facet/image.hpp"
#include "image/stored_colours.hpp"

struct FacetColourPlugin;

namespace facet::detail {

struct ColourPluginInfo {
  const char* file;
  const char* variable;  // of the environment: names a file to load instead
  const char* package;   // Debian's, that facet's build needs for it
};
const ColourPluginInfo& colour_plugin_info();

// Throws Error(unsupported) that names the package, where it is not there.
const FacetColourPlugin& load_colour_plugin();

// The way from one photo's colours to sRGB, which is none where they are sRGB or nothing is known
// of them. Used by one thread at a time.
class ColourConversion {
 public:
  ColourConversion() = default;
  // Never throws for what a file says: fault() then says why its colours stay as they are.
  // `ink`: the pixels are amounts of cyan, magenta, yellow and black.
  explicit ColourConversion(const StoredColours& colours, bool ink = false);

  // Whether pixels change.
  [[nodiscard]] bool any() const { return conversion_ != nullptr; }
  [[nodiscard]] const std::string& fault() const { return fault_; }
  // A photo that is not what its profile is for stays as it is, and fault() says so.
  void convert(Image& image);
  // Four bytes a pixel to three, where any().
  void convert_ink(const std::uint8_t* ink, std::uint8_t* rgb, std::size_t count) const noexcept;

 private:
  void open(const StoredColours& colours, bool ink);
  void convert_grey(Image& image);

  const FacetColourPlugin* plugin_ = nullptr;
  std::shared_ptr<void> conversion_;
  bool grey_ = false;
  std::string fault_;
};

}  // namespace facet::detail
