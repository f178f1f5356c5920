// SPDX-License-Identifier: Apache-2.0
#include "index/search/album.hpp"

#include <system_error>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

// name.jpg, name-2.jpg, …
fs::path numbered(const fs::path& folder, const std::string& name, int number) {
  if (number == 1) return folder / name;
  const fs::path whole(name);
  return folder /
         (whole.stem().string() + '-' + std::to_string(number) + whole.extension().string());
}

bool is_the_same(const fs::path& there, const fs::path& photo, AlbumKind kind) {
  std::error_code error;
  if (kind == AlbumKind::links) {
    return fs::is_symlink(there, error) && fs::read_symlink(there, error) == photo;
  }
  // A link to the photo is no copy of it.
  return fs::is_regular_file(fs::symlink_status(there, error)) &&
         fs::file_size(there, error) == fs::file_size(photo) &&
         fs::last_write_time(there, error) == fs::last_write_time(photo);
}

void put(const fs::path& photo, const fs::path& target, AlbumKind kind) {
  std::error_code error;
  if (kind == AlbumKind::links) {
    fs::create_symlink(photo, target, error);
  } else {
    fs::copy_file(photo, target, fs::copy_options::none, error);
    // The time tells later that it is the same.
    if (!error) fs::last_write_time(target, fs::last_write_time(photo), error);
    if (error && error != std::errc::file_exists) {
      std::error_code ignored;
      fs::remove(target, ignored);  // half a copy
    }
  }
  if (error) throw Error(ErrorCode::io, target.string() + ": " + error.message());
}

}  // namespace

AlbumResult make_album(const fs::path& folder, const std::vector<FoundPhoto>& photos,
                       AlbumKind kind) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(ErrorCode::io, folder.string() + ": " + error.message());
  AlbumResult result;
  for (const FoundPhoto& found : photos) {
    const fs::path photo = found.photo.path();
    if (!fs::exists(photo, error)) {
      ++result.missing;
      continue;
    }
    bool done = false;
    for (int number = 1; !done; ++number) {
      const fs::path target = numbered(folder, found.photo.name, number);
      if (is_the_same(target, photo, kind)) {
        ++result.there;
        done = true;
      } else if (!fs::exists(fs::symlink_status(target, error))) {
        put(photo, target, kind);
        ++result.added;
        done = true;
      }
    }
  }
  return result;
}

}  // namespace facet::detail
