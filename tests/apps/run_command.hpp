// SPDX-License-Identifier: Apache-2.0
// Runs the real facet program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace facet::detail {

struct CommandResult {
  int exit_code = -1;  // 128 + signal where it was killed
  std::string out;
  std::string err;
};

struct CommandOptions {
  std::string standard_input;
  std::filesystem::path folder;          // to run in; empty: this one
  std::vector<std::string> environment;  // NAME=value, beside what the test has
};

CommandResult run_facet(const std::vector<std::string>& arguments,
                        const CommandOptions& options = {});

}  // namespace facet::detail
