// SPDX-License-Identifier: Apache-2.0
// What a teacher says about packed photos: soft labels beside a pack (distillation).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace facet::training {

// Of each photo one probability an attribute, in the order asked for.
using ProbabilityList = std::map<std::string, std::vector<float>>;

// CSV: image,ATTRIBUTE,… (any order, further columns are ignored), values in [0, 1]. Throws Error
// naming the file, the line and the value, or an attribute that has no column.
ProbabilityList read_probabilities(const std::filesystem::path& path,
                                   const std::vector<std::string>& attributes);

}  // namespace facet::training
