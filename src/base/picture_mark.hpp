// SPDX-License-Identifier: Apache-2.0
// The mark inside pictures that facet draws: a comment of JPEG, a text chunk of PNG, which holds
// the SHA-256 of the other bytes. It survives copies to other disks.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace facet::detail {

// The picture with a mark. `encoded` is a JPEG or PNG without one.
std::vector<std::byte> with_picture_mark(std::span<const std::byte> encoded);

// True for a picture that facet drew, also where somebody worked on it since and kept the mark.
// The first few kilobytes of a file are enough.
bool has_picture_mark(std::span<const std::byte> file);

// True where it is as facet wrote it, to the bit. Needs the whole file.
bool has_intact_picture_mark(std::span<const std::byte> file);

}  // namespace facet::detail
