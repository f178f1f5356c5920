// SPDX-License-Identifier: Apache-2.0
#include "photos/photo_list.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "base/picture_mark.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

std::string flat_name(const fs::path& relative) {
  fs::path without_extension = relative;
  std::string name = without_extension.replace_extension().generic_string();
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

// From the first bytes: a photo is read once only.
bool is_own_picture(const fs::path& file) {
  std::array<char, 4096> start{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(start.data(), start.size());
  return has_picture_mark(
      std::as_bytes(std::span(start).first(static_cast<std::size_t>(stream.gcount()))));
}

void add_folder(const fs::path& folder, PhotoList& list) {
  std::vector<PhotoFile> found;
  std::size_t own_pictures = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;  // a dangling link is not a photo
    if (!has_photo_extension(entry->path()) || !entry->is_regular_file(gone)) continue;
    if (is_own_picture(entry->path())) {
      ++own_pictures;
      continue;
    }
    const fs::path relative = entry->path().lexically_relative(folder);
    found.push_back({entry->path(), relative.generic_string(), flat_name(relative)});
  }
  if (error) {
    throw Error(ErrorCode::io, folder.string() + ": cannot read folder: " + error.message());
  }
  if (found.empty()) {
    throw Error(ErrorCode::not_found,
                folder.string() + ": no photos in this folder" +
                    (own_pictures == 0
                         ? std::string()
                         : " but " + std::to_string(own_pictures) + " pictures that facet drew"));
  }
  std::sort(found.begin(), found.end(),
            [](const PhotoFile& a, const PhotoFile& b) { return a.shown < b.shown; });
  std::move(found.begin(), found.end(), std::back_inserter(list.photos));
  list.own_pictures += own_pictures;
}

void add_path(const std::string& typed, PhotoList& list) {
  const fs::path path(typed);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw Error(ErrorCode::not_found, typed + ": no such file or folder");
  }
  if (status.type() == fs::file_type::none) {
    throw Error(ErrorCode::io, typed + ": " + error.message());
  }
  if (fs::is_directory(status)) {
    add_folder(path, list);
  } else {
    list.photos.push_back({path, typed, flat_name(path.filename())});
  }
}

}  // namespace

PhotoList collect_photos(const std::vector<std::string>& arguments, std::istream& standard_input) {
  PhotoList list;
  for (const std::string& argument : arguments) {
    if (argument != "-") {
      add_path(argument, list);
      continue;
    }
    for (std::string line; std::getline(standard_input, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) add_path(line, list);
    }
  }
  if (list.photos.empty()) throw Error(ErrorCode::not_found, "no photos: the list is empty");
  return list;
}

}  // namespace facet::detail
