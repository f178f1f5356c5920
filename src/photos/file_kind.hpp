// SPDX-License-Identifier: Apache-2.0
// What files and folders are to somebody who looks for photos, by their names alone.
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

enum class FileKind {
  photo,          // has_photo_extension()
  video,          // has_video_extension()
  other_picture,  // of a format that facet does not read
  other
};

// "._name.jpg", which macOS leaves beside photos, is no photo.
FileKind kind_of_file(const std::string& name);

// True for folders that systems and photo programs keep for themselves: deleted files, thumbnails.
bool is_systems_folder(const std::string& name);

// ".JPG" as ".jpg".
std::string lower_extension(std::string_view name);

}  // namespace facet::detail
