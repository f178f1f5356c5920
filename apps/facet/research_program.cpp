// SPDX-License-Identifier: Apache-2.0
#include "research_program.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace facet::cli {
namespace {

constexpr std::array<std::string_view, 10> here = {"predict", "locate",   "explain", "index",
                                                   "search",  "tag",      "export",  "label",
                                                   "formats", "--version"};

constexpr std::array<std::string_view, 5> there = {"teach", "eval", "train", "bench", "data"};

bool is_here(int argc, char** argv) {
  if (argc < 2) return false;
  const std::string_view command = argv[1];
  if (command == "model") return argc > 2 && std::string_view(argv[2]) == "info";
  return std::find(here.begin(), here.end(), command) != here.end();
}

}  // namespace

void become_research_program(int argc, char** argv) {
  if (is_here(argc, argv)) return;
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path program = self.parent_path() / "facet-research";
  if (!error && std::filesystem::exists(program, error)) ::execv(program.c_str(), argv);
}

std::optional<std::string> research_command(int argc, char** argv) {
  if (argc < 2) return std::nullopt;
  const std::string command = argv[1];
  if (command == "model" && argc > 2) {
    for (const char* part : {"export", "explain-fit"}) {
      if (std::string_view(argv[2]) == part) return "model " + std::string(part);
    }
  }
  if (std::find(there.begin(), there.end(), command) == there.end()) return std::nullopt;
  return command;
}

}  // namespace facet::cli
