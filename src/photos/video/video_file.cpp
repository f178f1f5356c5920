// SPDX-License-Identifier: Apache-2.0
#include "photos/video/video_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "base/plugin_file.hpp"
#include "facet/error.hpp"
#include "image/colour_conversion.hpp"
#include "image/exif_orientation.hpp"
#include "image/photo_reader.hpp"
#include "photos/video/video_plugin.hpp"

namespace facet::detail {
namespace {

constexpr VideoPluginInfo kInfo = {"Videos", "libfacet_video.so", "FACET_VIDEO_PLUGIN",
                                   "libavformat-dev, libavcodec-dev and libswscale-dev"};

using Loaded = LoadedPlugin<FacetVideoPlugin>;

Loaded load() {
  const std::string needs = std::string("videos need the plugin ") + kInfo.file +
                            ", which is in the package facet-plugins (with libavformat59 and "
                            "libswscale6), or built where Debian's " +
                            kInfo.packages + " are installed";
  return load_plugin_table<FacetVideoPlugin>(plugin_places(kInfo.file, kInfo.variable),
                                             kFacetVideoPluginFunction, needs,
                                             kFacetVideoPluginVersion);
}

// Looked for once; videos may be many.
const Loaded& loaded() {
  static const Loaded loaded = load();
  return loaded;
}

Image image_of(const FacetVideoFrame& frame) {
  Image image(frame.width, frame.height);
  for (int y = 0; y < frame.height; ++y) {
    std::memcpy(image.row(y), frame.rgb + y * frame.stride,
                static_cast<std::size_t>(frame.width) * 3);
  }
  return image;
}

}  // namespace

struct VideoFile::Opened {
  const FacetVideoPlugin& plugin;
  void* video = nullptr;
  FacetVideoHeader header{};
  std::optional<ColourConversion> colours;  // of all frames, known with the first

  explicit Opened(const FacetVideoPlugin& reader) : plugin(reader) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (video != nullptr) plugin.close(video);
  }
};

const VideoPluginInfo& video_plugin_info() {
  return kInfo;
}

const FacetVideoPlugin& load_video_plugin() {
  if (loaded().table == nullptr) throw Error(ErrorCode::unsupported, loaded().fault);
  return *loaded().table;
}

bool has_video_extension(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 14> extensions = {".3gp", ".avi", ".m2ts", ".m4v", ".mkv",
                                                           ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
                                                           ".mxf", ".ogv", ".webm", ".wmv"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

std::optional<double> parse_seconds(const std::string& text) {
  constexpr double day = 86'400;
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [unit, fault] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (fault != std::errc()) return std::nullopt;
  const std::string_view name(unit, static_cast<std::size_t>(end - unit));
  if (name == "ms") {
    value /= 1000;
  } else if (name == "m" || name == "min") {
    value *= 60;
  } else if (name == "h") {
    value *= 3600;
  } else if (!name.empty() && name != "s") {
    return std::nullopt;
  }
  if (!(value > 0) || value > day) return std::nullopt;
  return value;
}

VideoFile::VideoFile(const std::filesystem::path& path, const VideoOptions& options)
    : opened_(std::make_unique<Opened>(load_video_plugin())), options_(options) {
  const FacetVideoRequest request{options.max_pixels, options.threads, options.tolerant ? 1 : 0};
  FacetReason reason{};
  opened_->video = opened_->plugin.open(path.c_str(), &request, &opened_->header, &reason);
  if (opened_->video == nullptr) throw_unreadable(reason.text);
  check_size(opened_->header.width, opened_->header.height, options.max_pixels);
}

VideoFile::~VideoFile() = default;

std::optional<VideoFrame> VideoFile::next() {
  if (options_.until > 0 && wanted_ > options_.until) return std::nullopt;
  FacetVideoFrame frame{};
  FacetReason reason{};
  const int status = opened_->plugin.frame_at(opened_->video, wanted_, &frame, &reason);
  if (status < 0) throw_unreadable(reason.text);
  if (status == 0) {
    warning_ = reason.text;
  }
  if (status == 0 || (options_.until > 0 && frame.time > options_.until)) {
    if (opened_->colours && !opened_->colours->fault().empty()) {
      warning_ += (warning_.empty() ? "" : "; ") + opened_->colours->fault();
    }
    return std::nullopt;
  }
  // Where a frame lasts longer than a step, steps are left out: no frame comes twice.
  wanted_ =
      (std::floor(std::max(frame.time, wanted_) / options_.every + 1e-6) + 1) * options_.every;
  if (!opened_->colours) {
    StoredColours stored;
    stored.coded = coded_colours(frame.primaries, frame.transfer);
    opened_->colours.emplace(stored);
  }
  VideoFrame result{image_of(frame), frame.time};
  opened_->colours->convert(result.image);
  result.image = make_upright(std::move(result.image), opened_->header.orientation);
  return result;
}

}  // namespace facet::detail
