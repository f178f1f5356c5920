// SPDX-License-Identifier: Apache-2.0
// What holds for every source file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "architecture/source_files.hpp"

namespace facet::architecture {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_lines = 600;

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream text(fs::path(FACET_SOURCE_DIR) / file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

bool names_its_licence(const std::vector<std::string>& lines) {
  // Behind #! where there is one.
  const std::size_t first = !lines.empty() && lines[0].starts_with("#!") ? 1 : 0;
  return lines.size() > first &&
         lines[first].find("SPDX-License-Identifier: Apache-2.0") != std::string::npos;
}

bool says_what_it_is_for(const std::string& file) {
  static const std::set<std::string> vague = {"common", "helper", "helpers", "misc",
                                              "stuff",  "util",   "utils",   "utilities"};
  for (const fs::path& part : fs::path(file)) {
    if (vague.contains(part.stem().string())) return false;
  }
  return true;
}

TEST(Sources, NameTheirLicenceFirst) {
  const std::vector<std::string> files = source_files(FACET_SOURCE_DIR);
  ASSERT_GT(files.size(), 400U);
  for (const std::string& file : files) {
    EXPECT_TRUE(names_its_licence(lines_of(file)))
        << file << ": the first line is not SPDX-License-Identifier: Apache-2.0";
  }
}

TEST(Sources, AreReadAtASitting) {
  for (const std::string& file : source_files(FACET_SOURCE_DIR)) {
    EXPECT_LE(lines_of(file).size(), most_lines) << file << ": divide it";
  }
}

TEST(Sources, AreNamedAfterWhatTheyDo) {
  for (const std::string& file : source_files(FACET_SOURCE_DIR)) {
    EXPECT_TRUE(says_what_it_is_for(file)) << file << ": the name says nothing";
  }
}

// File names in a text of CMake, as patterns: what a variable stands for may be any word.
std::vector<std::regex> named_files(const std::string& cmake) {
  static const std::regex name(R"(([A-Za-z0-9_.]|\$\{\w+\})+\.cpp)");
  std::vector<std::regex> patterns;
  for (std::sregex_iterator at(cmake.begin(), cmake.end(), name), end; at != end; ++at) {
    patterns.emplace_back(std::regex_replace(at->str(), std::regex(R"(\$\{\w+\})"), "\\w+"));
  }
  return patterns;
}

// By the CMakeLists.txt of its folder, or of one above.
bool is_built(const fs::path& file) {
  for (fs::path folder = file.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    std::string cmake;
    const fs::path list = fs::path(FACET_SOURCE_DIR) / folder / "CMakeLists.txt";
    if (!fs::exists(list)) continue;
    for (const std::string& line : lines_of(folder / "CMakeLists.txt")) cmake += line + '\n';
    for (const std::regex& pattern : named_files(cmake)) {
      if (std::regex_match(file.filename().string(), pattern)) return true;
    }
  }
  return false;
}

TEST(Sources, AreBuilt) {
  for (const std::string& file : source_files(FACET_SOURCE_DIR)) {
    if (!file.ends_with(".cpp")) continue;
    EXPECT_TRUE(is_built(file)) << file << ": no CMakeLists.txt names it";
  }
}

TEST(Sources, AreSeenToBreakTheseRules) {
  EXPECT_FALSE(names_its_licence({"#pragma once", "// SPDX-License-Identifier: Apache-2.0"}));
  EXPECT_FALSE(names_its_licence({}));
  EXPECT_TRUE(names_its_licence({"#!/bin/sh", "# SPDX-License-Identifier: Apache-2.0"}));
  EXPECT_FALSE(says_what_it_is_for("src/utils/half.cpp"));
  EXPECT_FALSE(says_what_it_is_for("src/format/misc.hpp"));
  EXPECT_TRUE(says_what_it_is_for("src/format/half.hpp"));
  EXPECT_FALSE(is_built("src/format/quarter.cpp"));
}

}  // namespace
}  // namespace facet::architecture
