// SPDX-License-Identifier: Apache-2.0
// A whole file in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace facet::detail {

// Throws Error(not_found, io), or Error(bad_model) for what is no file or has more than `largest`
// bytes; the messages do not name the file.
std::vector<std::byte> read_file_bytes(const std::filesystem::path& path, std::uint64_t largest);

}  // namespace facet::detail
