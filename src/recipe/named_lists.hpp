// SPDX-License-Identifier: Apache-2.0
// Lists that several stages of a recipe share, written once:
//
//   [lists]
//   people = ["n02669723", "n02699494"]
//   [[stages]]
//   without = { list = "people" }
#pragma once

#include <toml++/toml.h>

#include <string>

namespace facet::detail {

// Puts lists where stages name them, and takes the table `lists` from the recipe. Throws
// Error(invalid_argument) naming the file, `file` where it is not known, line and name of a list
// that is not there.
void fill_in_lists(toml::table& recipe, const std::string& file);

}  // namespace facet::detail
