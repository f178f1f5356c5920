// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/sidecar_file.hpp"

#include <algorithm>
#include <fstream>

#include "facet/error.hpp"
#include "facet/image.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargest = std::uintmax_t{64} << 20;

}  // namespace

std::vector<fs::path> sidecars_of(const fs::path& photo) {
  std::vector<fs::path> there;
  for (const std::string& name : sidecar_names(photo.filename().string())) {
    fs::path file = photo.parent_path() / name;
    std::error_code error;
    // A disk that takes .xmp and .XMP for one shows one file under both names.
    const bool known = std::any_of(there.begin(), there.end(), [&](const fs::path& other) {
      return fs::equivalent(other, file, error);
    });
    if (!known && fs::exists(file, error)) there.push_back(std::move(file));
  }
  return there;
}

std::vector<std::string> SidecarSharers::of(const fs::path& sidecar, const fs::path& photo) {
  const std::string own = photo.filename().string();
  std::vector<std::string> others;
  if (!belongs_to_several(sidecar.filename().string(), own)) return others;
  const fs::path folder = photo.has_parent_path() ? photo.parent_path() : fs::path(".");
  if (folder_ != folder) {
    folder_ = folder;
    photos_.clear();
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      const fs::path name = entry->path().filename();
      if (has_photo_extension(name)) photos_.emplace(name.stem().string(), name.string());
    }
  }
  const auto [first, end] = photos_.equal_range(photo.stem().string());
  for (auto at = first; at != end; ++at) {
    if (at->second != own) others.push_back(at->second);
  }
  std::sort(others.begin(), others.end());
  return others;
}

std::string read_sidecar(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) throw Error(ErrorCode::unreadable, "is not a file");
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) throw Error(ErrorCode::io, error.message());
  if (size > kLargest) throw Error(ErrorCode::unreadable, "is too large for XMP");
  std::ifstream stream(file, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(size));
  if (static_cast<std::uintmax_t>(stream.gcount()) != size) {
    throw Error(ErrorCode::io, "cannot be read");
  }
  return text;
}

}  // namespace facet::detail
