// SPDX-License-Identifier: Apache-2.0
// ExifTool, another program's view of what facet reads and writes.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace facet::detail {

// Why tests with it are skipped; empty where it is there.
std::string missing_exiftool();

// Writes tags into a file, or makes it: arguments such as "-XMP-dc:Subject+=Anna".
void exiftool_write(const std::filesystem::path& file, std::vector<std::string> arguments);

// All XMP of a file by "Group:Tag", regions as structures.
nlohmann::json exiftool_read(const std::filesystem::path& file);

}  // namespace facet::detail
