// SPDX-License-Identifier: Apache-2.0
#include "research_program.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace facet::cli {
namespace {

constexpr std::array<std::string_view, 7> here = {"predict", "locate",  "index",    "search",
                                                  "model",   "formats", "--version"};

}  // namespace

void become_research_program(int argc, char** argv) {
  if (argc > 1 && std::find(here.begin(), here.end(), argv[1]) != here.end()) return;
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path program = self.parent_path() / "facet-research";
  if (!error && std::filesystem::exists(program, error)) ::execv(program.c_str(), argv);
}

}  // namespace facet::cli
