// SPDX-License-Identifier: Apache-2.0
#include "picture_folder.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include "base/atomic_file.hpp"
#include "facet/error.hpp"
#include "image/encode.hpp"

namespace facet::cli {
using namespace detail;
namespace {

namespace fs = std::filesystem;

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

fs::path resolved(const fs::path& path) {
  std::error_code ignored;
  fs::path result = fs::weakly_canonical(path, ignored);
  return result.empty() ? path : result;
}

}  // namespace

PictureFolder::PictureFolder(const std::string& folder, std::span<const PhotoFile> photos) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder)) {
    throw Error(ErrorCode::io, folder + ": cannot create folder" +
                                   (error ? ": " + error.message() : std::string()));
  }
  const fs::path root = resolved(folder);
  std::set<fs::path> sources;
  for (const PhotoFile& photo : photos) sources.insert(resolved(photo.file));
  std::set<std::string> taken;  // in lower case: some file systems know no other
  for (const PhotoFile& photo : photos) {
    const std::string extension =
        lower_case(photo.file.extension().string()) == ".png" ? ".png" : ".jpg";
    fs::path file = root / (photo.picture_name + extension);
    for (int i = 2;
         sources.count(file) > 0 || taken.count(lower_case(file.filename().string())) > 0; ++i) {
      file = root / (photo.picture_name + '-' + std::to_string(i) + extension);
    }
    taken.insert(lower_case(file.filename().string()));
    files_.push_back(file);
  }
}

void PictureFolder::write(std::size_t photo, const Image& picture) const {
  const fs::path& file = files_.at(photo);
  const std::vector<std::byte> bytes =
      file.extension() == ".png" ? encode_png(picture) : encode_jpeg(picture);
  const std::span<const std::byte> part(bytes);
  detail::write_file_atomically(file, {&part, 1});
}

}  // namespace facet::cli
