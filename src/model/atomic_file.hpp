// Files that are either there completely or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace facet::detail {

// Writes the parts, one after the other, to a temporary file beside the target and renames it.
// Throws Error(io); the target is then as it was and nothing is left beside it.
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::span<const std::byte>> parts);

}  // namespace facet::detail
