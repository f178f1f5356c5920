// SPDX-License-Identifier: Apache-2.0
#include "command_formats.hpp"

#include <iomanip>
#include <iostream>
#include <string>

#include "exit_code.hpp"
#include "facet/error.hpp"
#include "image/colour_conversion.hpp"
#include "image/photo_plugins.hpp"
#include "image/plugins/colour_plugin.hpp"
#include "photos/video/video_file.hpp"
#include "photos/video/video_plugin.hpp"

namespace facet::cli {
using namespace detail;
namespace {

void write_row(const std::string& formats, const std::string& state) {
  std::cout << std::left << std::setw(22) << formats << state << '\n';
}

template <typename Load>
std::string state_of(const Load& load) {
  try {
    return std::string("yes, by ") + load().backend;
  } catch (const Error& error) {
    return std::string("no: ") + error.what();
  }
}

int formats() {
  write_row("format", "read");
  write_row("JPEG, PNG, WebP, BMP", "yes");
  for (const PhotoPlugin plugin : {PhotoPlugin::heif, PhotoPlugin::tiff, PhotoPlugin::gif,
                                   PhotoPlugin::jxl, PhotoPlugin::raw}) {
    write_row(plugin_info(plugin).formats,
              state_of([&]() -> const FacetPhotoPlugin& { return load_plugin(plugin); }));
  }
  write_row(video_plugin_info().formats, state_of(load_video_plugin));
  write_row("colours not sRGB", state_of(load_colour_plugin));
  return exit_ok;
}

}  // namespace

void add_formats_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("formats", "Which photos and videos this installation reads");
  sub->callback([&action] { action = formats; });
}

}  // namespace facet::cli
