// SPDX-License-Identifier: Apache-2.0
// Folders that results are written into.
#pragma once

#include <filesystem>

namespace facet::detail {

// Makes the folder and those above it, where they are missing. Throws Error(io).
void create_folder(const std::filesystem::path& folder);

}  // namespace facet::detail
