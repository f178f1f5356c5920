// SPDX-License-Identifier: Apache-2.0
#include "photos/photo_list.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "base/picture_mark.hpp"
#include "facet/error.hpp"
#include "image/photo_format.hpp"
#include "photos/file_kind.hpp"
#include "photos/photo_folder.hpp"
#include "photos/video/video_file.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

// The beginning of a file; what of it can be read.
std::vector<std::byte> first_bytes(const fs::path& file) {
  std::vector<std::byte> start(4096);
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(start.data()), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  return start;
}

// A pipe is not asked: its bytes come once, and its reader would wait for them here.
bool is_video(const fs::path& file) {
  if (has_video_extension(file)) return true;
  if (!fs::is_regular_file(file)) return false;
  return !has_photo_extension(file) && recognise(first_bytes(file)) == PhotoFormat::video;
}

std::string flat_name(const fs::path& relative) {
  fs::path without_extension = relative;
  std::string name = without_extension.replace_extension().generic_string();
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

PhotoFile faulty(const fs::path& file, std::string shown, std::string fault) {
  PhotoFile photo;
  photo.file = file;
  photo.shown = std::move(shown);
  photo.fault = std::move(fault);
  return photo;
}

// Works through paths; each becomes a photo, or a folder's photos.
class Lister {
 public:
  Lister(bool only_folder, bool videos) : only_folder_(only_folder), videos_(videos) {}

  void add_path(const std::string& typed) {
    const fs::path path(typed);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
      list_.photos.push_back(faulty(path, typed, "no such file or folder"));
    } else if (status.type() == fs::file_type::none) {
      list_.photos.push_back(faulty(path, typed, error.message()));
    } else if (fs::is_directory(status)) {
      add_folder(path);
    } else {
      list_.photos.push_back({path, typed, flat_name(path.filename()), {}, is_video(path)});
    }
  }

  [[nodiscard]] PhotoList take() { return std::move(list_); }

 private:
  void add_folder(const fs::path& folder) {
    const FolderPhotos found = find_photos(folder);
    PassedOver& passed_over = list_.passed_over;
    for (const auto& [extension, count] : found.other_formats) {
      passed_over.other_formats[extension] += count;
    }
    passed_over.left_out.insert(found.left_out.begin(), found.left_out.end());
    const std::size_t before = list_.photos.size();
    for (const fs::path& relative : found.videos) {
      if (videos_) {
        list_.photos.push_back(
            {folder / relative, shown(folder, relative), flat_name(relative), {}, true});
      } else {
        ++passed_over.videos[lower_extension(relative.filename().string())];
      }
    }
    for (const fs::path& relative : found.photos) {
      if (is_own_picture(folder / relative)) {
        ++passed_over.own_pictures;
      } else {
        list_.photos.push_back({folder / relative, shown(folder, relative), flat_name(relative)});
      }
    }
    for (const auto& [relative, reason] : found.unreadable) {
      list_.photos.push_back(faulty(
          folder / relative, relative.empty() ? folder.generic_string() : shown(folder, relative),
          "cannot read folder: " + reason));
    }
    if (list_.photos.size() == before) {
      list_.photos.push_back(faulty(folder, folder.generic_string(), "no photos in this folder"));
    }
  }

  [[nodiscard]] std::string shown(const fs::path& folder, const fs::path& relative) const {
    return (only_folder_ ? relative : folder / relative).generic_string();
  }

  bool only_folder_;
  bool videos_;
  PhotoList list_;
};

void check_any_photo(const PhotoList& list, bool reads_a_list) {
  if (list.photos.empty()) throw Error(ErrorCode::not_found, "no photos: the list is empty");
  const bool any = std::any_of(list.photos.begin(), list.photos.end(),
                               [](const PhotoFile& photo) { return photo.fault.empty(); });
  if (any || reads_a_list) return;
  std::string text = list.photos.front().shown + ": " + list.photos.front().fault;
  if (list.photos.size() > 1) {
    text += "; nor can " + std::to_string(list.photos.size() - 1) + " more be read";
  }
  for (const std::string& line : passed_over_texts(list.passed_over)) text += "; " + line;
  throw Error(ErrorCode::not_found, text);
}

}  // namespace

std::size_t read_standard_input(std::span<char> buffer) {
  while (true) {
    const ::ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR) continue;
    throw Error(ErrorCode::io, "the list on standard input cannot be read: " +
                                   std::generic_category().message(errno));
  }
}

bool is_own_picture(const fs::path& file) {
  return has_picture_mark(first_bytes(file));
}

PhotoList collect_photos(const PhotoArguments& arguments) {
  const bool reads_a_list =
      std::find(arguments.paths.begin(), arguments.paths.end(), "-") != arguments.paths.end();
  Lister lister(arguments.paths.size() == 1 && !reads_a_list, arguments.videos);
  for (const std::string& argument : arguments.paths) {
    if (argument != "-") {
      lister.add_path(argument);
      continue;
    }
    PathList list(arguments.read_input, arguments.separator);
    while (const std::optional<std::string> path = list.next()) lister.add_path(*path);
  }
  PhotoList list = lister.take();
  check_any_photo(list, reads_a_list);
  return list;
}

}  // namespace facet::detail
