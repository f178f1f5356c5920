// SPDX-License-Identifier: Apache-2.0
// The XMP files beside a photo.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/sidecars/sidecar_name.hpp"
#include "index/sidecars/xmp_packet.hpp"

namespace facet::detail {

// Those that are there, the one that facet writes first.
std::vector<std::filesystem::path> sidecars_of(const std::filesystem::path& photo);

// Which photos of a folder share a sidecar: photo.xmp is photo.cr2's as well as photo.jpg's.
class SidecarSharers {
 public:
  // The others, by name; none of photo.jpg.xmp. Lists a folder once as long as it is the same.
  std::vector<std::string> of(const std::filesystem::path& sidecar,
                              const std::filesystem::path& photo);

 private:
  std::optional<std::filesystem::path> folder_;
  std::multimap<std::string, std::string> photos_;  // by name without type
};

// All of a sidecar. Throws Error: io, unreadable where it is no file, or far too large.
std::string read_sidecar(const std::filesystem::path& file);

}  // namespace facet::detail
