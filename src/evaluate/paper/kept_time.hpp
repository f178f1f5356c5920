// SPDX-License-Identifier: Apache-2.0
// What the steps of a report took.
#pragma once

#include <filesystem>

namespace facet::detail {

// Seconds of computing behind all steps that a folder of a ResultStore keeps, whenever that was:
// also behind those that others were made from and that were not asked for again. Damaged files
// count as none.
double kept_seconds(const std::filesystem::path& folder);

}  // namespace facet::detail
