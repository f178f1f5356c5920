// SPDX-License-Identifier: Apache-2.0
// A complete model that takes bright blobs for faces, and photos for it.
#pragma once

#include <filesystem>

namespace facet::detail {

// Networks of a few kilobytes, heads "celeba" (40 attributes) and "lfwa" (3).
void write_small_model(const std::filesystem::path& file);
// Another, whose features read a map of the face, so that they can be traced to places; and beside
// it what its neurons stand for, of head celeba alone.
void write_explained_model(const std::filesystem::path& file);

// PNG, 160 × 120, with one blob; or flat.
// The blob that it finds, there.
void write_blob_photo(const std::filesystem::path& file, int centre_x = 70);
void write_flat_photo(const std::filesystem::path& file);

}  // namespace facet::detail
