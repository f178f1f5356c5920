// SPDX-License-Identifier: Apache-2.0
// Videos as a few frames each, by a plugin that is loaded when the first of them is met.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "facet/image.hpp"

struct FacetVideoPlugin;

namespace facet::detail {

struct VideoPluginInfo {
  const char* formats;  // for people
  const char* file;
  const char* variable;  // of the environment: names a file to load instead
  const char* packages;  // Debian's, that facet's build needs for it
};
const VideoPluginInfo& video_plugin_info();

// Throws Error(unsupported) that names the packages, where it is not there.
const FacetVideoPlugin& load_video_plugin();

// True for the extensions that phones and cameras give to videos, in any case.
bool has_video_extension(const std::filesystem::path& path);

// A duration as people write it: "1s", "500ms", "2m", "0.5" (seconds). Nothing for anything else,
// for what is not above 0 and for more than a day.
std::optional<double> parse_seconds(const std::string& text);

struct VideoOptions {
  double every = 1;  // seconds between frames
  double until = 0;  // the last time looked at; 0: all
  std::int64_t max_pixels = DecodeOptions().max_pixels;
  bool tolerant = false;
  int threads = 1;
};

struct VideoFrame {
  Image image;  // upright, sRGB
  double time = 0;
};

// Gives the first frame at 0, `every`, 2 · `every`, …, each once. Used by one thread.
class VideoFile {
 public:
  // Throws Error: unsupported where the plugin is missing, unreadable, too_large.
  VideoFile(const std::filesystem::path& path, const VideoOptions& options);
  ~VideoFile();
  VideoFile(const VideoFile&) = delete;
  VideoFile& operator=(const VideoFile&) = delete;

  // Nothing after the last one; warning() is known then. Throws Error(unreadable).
  std::optional<VideoFrame> next();
  [[nodiscard]] const std::string& warning() const { return warning_; }

 private:
  struct Opened;
  std::unique_ptr<Opened> opened_;
  VideoOptions options_;
  double wanted_ = 0;
  std::string warning_;
};

}  // namespace facet::detail
