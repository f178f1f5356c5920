// SPDX-License-Identifier: Apache-2.0
#include "photos/file_kind.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "facet/image.hpp"
#include "photos/video/video_file.hpp"

namespace facet::detail {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// What cameras and scanners write beside photos and videos.
bool is_other_picture(const std::string& extension) {
  constexpr std::array<std::string_view, 10> kinds = {".crw", ".dib", ".erf", ".iiq", ".j2k",
                                                      ".jp2", ".jxr", ".nrw", ".pgm", ".ppm"};
  return std::find(kinds.begin(), kinds.end(), extension) != kinds.end();
}

}  // namespace

FileKind kind_of_file(const std::string& name) {
  if (name.starts_with("._")) return FileKind::other;
  if (has_photo_extension(name)) return FileKind::photo;
  if (has_video_extension(name)) return FileKind::video;
  return is_other_picture(lower_extension(name)) ? FileKind::other_picture : FileKind::other;
}

bool is_systems_folder(const std::string& name) {
  constexpr std::array<std::string_view, 12> names = {
      "@eadir",   ".@__thumb",    "#recycle",
      "@recycle", "$recycle.bin", "system volume information",
      ".trashes", ".trash",       ".thumbnails",
      ".thumbs",  "thumbs",       "lost+found"};
  const std::string lower = lower_case(name);
  return lower.starts_with(".trash-") ||
         std::find(names.begin(), names.end(), lower) != names.end();
}

std::string lower_extension(std::string_view name) {
  return lower_case(std::filesystem::path(name).extension().string());
}

}  // namespace facet::detail
