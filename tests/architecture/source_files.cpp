// SPDX-License-Identifier: Apache-2.0
#include "architecture/source_files.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace facet::architecture {
namespace {

namespace fs = std::filesystem;

constexpr std::array tops = {"src",  "include",  "apps",  "training", "bench",  "tests",
                             "fuzz", "bindings", "tools", "examples", "scripts"};
const std::set<std::string>& extensions() {
  static const std::set<std::string> list = {".cpp",   ".hpp", ".c",     ".h",   ".cc",
                                             ".py",    ".ts",  ".js",    ".mjs", ".sh",
                                             ".cmake", ".awk", ".svelte"};
  return list;
}
// Of other people, or built.
const std::set<std::string>& foreign_folders() {
  static const std::set<std::string> list = {"node_modules", "dist", "built", "build",
                                             "__pycache__"};
  return list;
}

bool is_source(const fs::path& file, std::string_view top) {
  if (file.filename() == "CMakeLists.txt") return true;
  if (top == "scripts" && !file.has_extension()) return true;
  return extensions().contains(file.extension().string());
}

}  // namespace

std::vector<std::string> source_files(const fs::path& root) {
  std::vector<std::string> files = {"CMakeLists.txt"};
  for (const char* top : tops) {
    if (!fs::is_directory(root / top)) continue;
    for (fs::recursive_directory_iterator at(root / top), end; at != end; ++at) {
      const std::string name = at->path().filename().string();
      if (at->is_directory()) {
        if (foreign_folders().contains(name) || name.starts_with('.'))
          at.disable_recursion_pending();
      } else if (is_source(at->path(), top)) {
        files.push_back(at->path().lexically_relative(root).generic_string());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_cpp(std::string_view file) {
  const auto dot = file.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = file.substr(dot);
  return extension == ".cpp" || extension == ".hpp" || extension == ".c" || extension == ".h" ||
         extension == ".cc";
}

}  // namespace facet::architecture
