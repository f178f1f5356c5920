// SPDX-License-Identifier: Apache-2.0
// Files that must not outlive the program: what an unfinished output is written to.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

namespace facet::detail {

// A new, empty file beside its target, hidden and locked as long as this object lives; gone with
// it unless it was put in place. Its name is ".facet-<target's hash>-<random>.part".
class TemporaryFile {
 public:
  // Throws Error(io) that names the target.
  explicit TemporaryFile(const std::filesystem::path& target);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // It has another name now and stays.
  void keep();

 private:
  bool try_name(const std::filesystem::path& target);

  std::filesystem::path path_;
  int descriptor_ = -1;
  int slot_ = -1;  // among the names that a signal removes
};

// Removes what killed programs left in a folder: files named so which nobody holds locked.
void remove_leftovers(const std::filesystem::path& folder);

// For programs, once at their start: SIGINT, SIGTERM, SIGHUP and SIGPIPE first remove all temporary
// files, then end the program as they would have. A signal that is ignored stays so. SIGXFSZ is
// ignored: what reaches a limit on files is told by an Error(io).
void remove_temporary_files_when_stopped();

}  // namespace facet::detail
