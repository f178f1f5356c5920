// SPDX-License-Identifier: Apache-2.0
// facet index --merge OUT IN…
#pragma once

#include <string>
#include <vector>

namespace facet::cli {

// The first is what the others are added to; it is made where it is missing. Returns the exit code.
int merge_files(const std::vector<std::string>& locations);

}  // namespace facet::cli
