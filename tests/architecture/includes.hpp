// SPDX-License-Identifier: Apache-2.0
// Every #include of the tree, and the rule that one breaks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace facet::architecture {

struct Include {
  std::string file;    // that has it, seen from the repository's root: src/model/model.cpp
  int line = 0;        // from 1
  std::string header;  // as written, without quotes or brackets
  bool quoted = false;
};

// Of the C and C++ files below src, include, apps, training, bench, bindings, fuzz and examples.
std::vector<Include> read_includes(const std::filesystem::path& root);

// Whether rules.hpp knows a folder of src.
bool is_room(std::string_view folder);

// The room of a file, and of a header as it is written in that file; "public" for include/facet.
// Empty for a library's header.
std::string room_of_file(std::string_view file);
std::string room_of_header(const Include& include);

// What is wrong with it, in one line; nothing where all is well.
std::optional<std::string> broken_rule(const Include& include);

// A way from a room back to itself ("a → b → a"), where there is one.
std::optional<std::string> circle_of_rooms(const std::vector<Include>& includes);

}  // namespace facet::architecture
