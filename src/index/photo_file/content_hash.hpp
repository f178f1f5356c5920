// SPDX-License-Identifier: Apache-2.0
// What tells files apart, and what tells that two pictures look alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "facet/image.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

// The first 16 bytes of the SHA-256.
ContentHash content_hash(std::span<const std::byte> bytes);

// The 64-bit difference hash of a picture: whether brightness grows from each of 9 × 8 fields to
// its right neighbour. Copies that were resized, recompressed or slightly edited differ in few
// bits.
std::uint64_t difference_hash(const Image& photo);
// In how many bits two hashes differ.
int look_distance(std::uint64_t a, std::uint64_t b);
// Up to this many pictures count as near duplicates.
constexpr int kNearDuplicate = 6;

}  // namespace facet::detail
