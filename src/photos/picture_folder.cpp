// SPDX-License-Identifier: Apache-2.0
#include "photos/picture_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <climits>
#include <set>
#include <system_error>

#include "base/picture_mark.hpp"
#include "base/sha256.hpp"
#include "facet/error.hpp"
#include "image/encode.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::size_t longest_name(const fs::path& folder) {
  const long longest = ::pathconf(folder.c_str(), _PC_NAME_MAX);
  return longest > 0 ? static_cast<std::size_t>(longest) : NAME_MAX;
}

// The name cut where it is too long, at the start of a character, with a hash of all of it.
std::string shortened(const std::string& name, std::size_t longest) {
  if (name.size() <= longest) return name;
  constexpr std::size_t kDigits = 12;
  Sha256 hash;
  hash.update(std::as_bytes(std::span(name)));
  std::size_t kept = longest - kDigits - 1;
  while (kept > 0 && (static_cast<unsigned char>(name[kept]) & 0xC0U) == 0x80U) --kept;
  return name.substr(0, kept) + '-' + hash.finish().substr(0, kDigits);
}

}  // namespace

PictureFolder::PictureFolder(const std::string& folder, std::span<const PhotoFile> photos,
                             OutputGuard& guard) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder)) {
    throw Error(ErrorCode::io, folder + ": cannot create folder" +
                                   (error ? ": " + error.message() : std::string()));
  }
  constexpr std::size_t kEnding = 16;  // a number and the extension
  const std::size_t longest = longest_name(folder) - kEnding;
  std::set<std::string> taken;  // in lower case: some file systems know no other
  for (const PhotoFile& photo : photos) {
    if (!photo.fault.empty()) {  // no picture of it
      targets_.emplace_back();
      continue;
    }
    const std::string extension =
        lower_case(photo.file.extension().string()) == ".png" ? ".png" : ".jpg";
    const std::string stem = shortened(photo.picture_name, longest);
    std::string name = stem + extension;
    for (int i = 2; taken.count(lower_case(name)) > 0 || guard.is_input(fs::path(folder) / name);
         ++i) {
      name = stem + '-' + std::to_string(i) + extension;
    }
    taken.insert(lower_case(name));
    targets_.push_back(guard.claim(fs::path(folder) / name, FileKind::picture));
  }
}

void PictureFolder::write(std::size_t photo, const Image& picture) try {
  const OutputTarget& target = targets_.at(photo);
  AtomicFile file(target);
  file.write(with_picture_mark(target.file.extension() == ".png" ? encode_png(picture)
                                                                 : encode_jpeg(picture)));
  file.commit();
} catch (const Error& error) {
  const std::lock_guard lock(mutex_);
  failures_.emplace_back(error.what());
}

}  // namespace facet::detail
