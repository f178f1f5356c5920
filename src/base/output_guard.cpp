// SPDX-License-Identifier: Apache-2.0
#include "base/output_guard.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>
#include <system_error>

#include "base/temporary_file.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

// Whether the folder lists this very name; where it does not and the file is there all the same,
// the file system knows it under another one.
bool is_listed(const fs::path& file) {
  std::error_code error;
  const fs::path name = file.filename();
  fs::path folder = file.parent_path();
  if (folder.empty()) folder = ".";
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename() == name) return true;
  }
  return static_cast<bool>(error);
}

std::optional<struct ::stat> status_of(const fs::path& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

void check_folder(const fs::path& target) {
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw Error(ErrorCode::io, target.string() + ": cannot be written: no such folder");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorCode::io,
                target.string() + ": cannot be written: " + std::generic_category().message(errno));
  }
}

}  // namespace

std::string OutputGuard::folded_name(const fs::path& file) const {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (folder != last_folder_) {
    std::error_code ignored;
    last_canonical_ = fs::weakly_canonical(folder, ignored);
    last_folder_ = folder;
  }
  std::string name = (last_canonical_ / file.filename()).string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

void OutputGuard::protect(const fs::path& input) {
  const auto status = status_of(input);
  if (!status) return;
  inputs_.emplace(status->st_dev, status->st_ino);
  input_names_.insert(folded_name(input));
}

void OutputGuard::protect(int descriptor) {
  struct ::stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  inputs_.emplace(status.st_dev, status.st_ino);
}

bool OutputGuard::is_input(const fs::path& file) const {
  const auto status = status_of(file);
  if (!status) return false;
  if (inputs_.contains({status->st_dev, status->st_ino})) return true;
  // Some drivers of FAT and exFAT give each spelling of a name an inode of its own.
  return input_names_.contains(folded_name(file)) && !is_listed(file);
}

void OutputGuard::check(const fs::path& target, FileKind kind) const {
  const auto status = status_of(target);
  if (!status) return;
  const std::string name = target.string();
  if (S_ISDIR(status->st_mode)) {
    throw Error(ErrorCode::io, name + ": is a folder, not a file to write to");
  }
  if (is_input(target)) {
    throw Error(ErrorCode::invalid_argument,
                name + ": is one of the files that this run reads; name another to write to");
  }
  if (!S_ISREG(status->st_mode)) {
    if (kind == FileKind::result) return;  // written in place
    throw Error(ErrorCode::io, name + ": is no regular file");
  }
  if (status->st_size == 0 || overwrite_) return;
  const std::optional<FileKind> written = written_kind(target);
  if (written == kind) return;
  throw Error(
      ErrorCode::invalid_argument,
      name +
          (written ? ": exists already, a " + std::string(kind_name(*written)) + " that facet wrote"
                   : std::string(": exists already and is not as facet wrote it")) +
          "; name another file, or replace it with --overwrite");
}

void OutputGuard::check_all(const fs::path& folder, FileKind kind,
                            const std::function<bool(const std::string&)>& is_target) const {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_target(entry->path().filename().string())) check(entry->path(), kind);
  }
}

OutputTarget OutputGuard::claim(const fs::path& target, FileKind kind) {
  check(target, kind);
  const auto status = status_of(target);
  if (status && !S_ISREG(status->st_mode)) return {target, kind, std::nullopt};  // a device, a pipe
  OutputTarget claimed = look_at_target(target, kind);
  check_folder(claimed.file);
  if (!claimed_.insert(folded_name(claimed.file)).second) {
    throw Error(ErrorCode::invalid_argument,
                target.string() + ": two outputs of this run would go there");
  }
  const fs::path& file = claimed.file;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (folders_.insert(folder).second) remove_leftovers(folder);
  return claimed;
}

}  // namespace facet::detail
