// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/region_reader.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "facet/error.hpp"
#include "image/exif_block.hpp"
#include "index/sidecars/embedded_xmp.hpp"
#include "index/sidecars/face_regions.hpp"
#include "index/sidecars/sidecar_file.hpp"
#include "index/sidecars/sidecar_name.hpp"
#include "index/sidecars/xmp_packet.hpp"

namespace facet::detail {
namespace {

// Most XMP says nothing about faces.
bool names_faces(std::string_view xmp) {
  return xmp.find("metadataworkinggroup.com/schemas/regions") != std::string_view::npos ||
         xmp.find("ns.microsoft.com/photo/1.2/t/Region") != std::string_view::npos;
}

class RegionReader {
 public:
  explicit RegionReader(std::function<void(const std::string&)> warn) : warn_(std::move(warn)) {}

  std::optional<std::vector<NamedRegion>> read(const std::filesystem::path& photo,
                                               std::span<const std::byte> bytes) {
    bool failed = false;
    for (const std::string& name : sidecar_names(photo.filename().string())) {
      const std::filesystem::path file = photo.parent_path() / name;
      std::error_code error;
      if (!std::filesystem::is_regular_file(file, error)) continue;
      try {
        const std::string text = read_sidecar(file);
        if (!names_faces(text)) continue;
        if (missing_) return std::nullopt;
        auto regions = read_face_regions(XmpPacket(text), stored_orientation(bytes));
        if (!regions.empty()) return regions;
      } catch (const Error& failure) {
        tell(file.string(), failure);
        failed = true;
      }
    }
    if (failed || missing_) return std::nullopt;
    try {
      return embedded_regions(bytes);
    } catch (const Error& failure) {
      tell(photo.string(), failure);
    }
    return std::nullopt;
  }

 private:
  void tell(const std::string& file, const Error& failure) {
    const std::lock_guard lock(mutex_);
    if (failure.code() == ErrorCode::unsupported) {
      if (missing_.exchange(true)) return;
      warn_(std::string("names of faces are not read: ") + failure.what());
    } else {
      warn_(file + ": " + failure.what() + "; its names of faces are not read");
    }
  }

  std::function<void(const std::string&)> warn_;
  std::mutex mutex_;
  std::atomic<bool> missing_{false};
};

}  // namespace

std::vector<NamedRegion> embedded_regions(std::span<const std::byte> photo) {
  const std::vector<std::string> packets = find_xmp(photo);
  for (const std::string& packet : packets) {
    if (!names_faces(packet)) continue;
    try {
      auto regions = read_face_regions(XmpPacket(packet), stored_orientation(photo));
      if (!regions.empty()) return regions;
    } catch (const Error& failure) {
      // One of several may be a preview's, or be cut by what lies between its parts.
      if (packets.size() == 1 || failure.code() == ErrorCode::unsupported) throw;
    }
  }
  return {};
}

ReadRegions make_region_reader(std::function<void(const std::string&)> warn) {
  const auto reader = std::make_shared<RegionReader>(std::move(warn));
  return [reader](const std::filesystem::path& photo, std::span<const std::byte> bytes) {
    return reader->read(photo, bytes);
  };
}

}  // namespace facet::detail
