// SPDX-License-Identifier: Apache-2.0
// The files that people wrote: of the tree, without what was built, installed or drawn.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace facet::architecture {

// Seen from the root, sorted: sources, scripts and CMake files.
std::vector<std::string> source_files(const std::filesystem::path& root);

bool is_cpp(std::string_view file);

}  // namespace facet::architecture
