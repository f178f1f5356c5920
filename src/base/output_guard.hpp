// SPDX-License-Identifier: Apache-2.0
// The one rule about what facet writes over: only files that it wrote itself, of the same kind and
// unchanged since (file_mark.hpp), and empty ones. --overwrite lifts that, but never for a file
// that the same run reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "base/atomic_file.hpp"

namespace facet::detail {

// Not thread-safe; to be asked before any work is done.
class OutputGuard {
 public:
  explicit OutputGuard(bool overwrite) : overwrite_(overwrite) {}

  // A file that this run reads. Known again by device and inode, so through links and under names
  // that a file system takes for the same. A missing file is ignored.
  void protect(const std::filesystem::path& input);
  // The same of an open file, e.g. a list on standard input.
  void protect(int descriptor);
  [[nodiscard]] bool is_input(const std::filesystem::path& file) const;

  // A file that this run will write. Throws Error(invalid_argument, io), which names it, where it
  // must not be replaced, where its folder is missing or not writable, where it is a folder, or
  // where it was claimed before. Also removes what killed runs left beside it.
  OutputTarget claim(const std::filesystem::path& target, FileKind kind);
  // Only throws where the target must not be replaced.
  void check(const std::filesystem::path& target, FileKind kind) const;
  // The same of every file in the folder that `is_target` knows by its name, for outputs whose
  // names only the work itself tells.
  void check_all(const std::filesystem::path& folder, FileKind kind,
                 const std::function<bool(const std::string& name)>& is_target) const;

 private:
  using Identity = std::pair<std::uint64_t, std::uint64_t>;  // device, inode

  // One text for all names that a file system without upper and lower case takes for one.
  std::string folded_name(const std::filesystem::path& file) const;

  bool overwrite_;
  std::set<Identity> inputs_;
  std::set<std::string> input_names_;        // folded
  std::set<std::string> claimed_;            // the same
  std::set<std::filesystem::path> folders_;  // looked through for leftovers
  // Most files lie in the folder of the one before.
  mutable std::filesystem::path last_folder_;
  mutable std::filesystem::path last_canonical_;
};

}  // namespace facet::detail
