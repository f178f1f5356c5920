// SPDX-License-Identifier: Apache-2.0
// Found photos in a folder of their own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "index/search/search.hpp"

namespace facet::detail {

enum class AlbumKind { copies, links };

struct AlbumResult {
  std::size_t added = 0;
  std::size_t there = 0;    // were in the folder already
  std::size_t missing = 0;  // photos that are not there now
};

// Puts the photos into the folder, which is made where it is missing, under their own names; a
// number is added where two have the same. Replaces nothing. Throws Error(io).
AlbumResult make_album(const std::filesystem::path& folder, const std::vector<FoundPhoto>& photos,
                       AlbumKind kind);

}  // namespace facet::detail
