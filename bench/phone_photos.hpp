// SPDX-License-Identifier: Apache-2.0
// Photos as phones take them: 12 megapixels, colours at half resolution, grain everywhere.
#pragma once

#include <cstddef>
#include <filesystem>

namespace facet::bench {

// Writes `count` photos with one to three people to `folder`/few, and a fourth as many with 29
// people to `folder`/group, the Solvay sample enlarged. People and places come from the
// collections' test parts; without `data`, from the samples. The same files every time.
void write_phone_photos(const std::filesystem::path& samples, const std::filesystem::path& data,
                        std::size_t count, const std::filesystem::path& folder);

}  // namespace facet::bench
