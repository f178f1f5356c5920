// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, int error) {
  throw Error(ErrorCode::io,
              path.string() + ": cannot be written: " + std::generic_category().message(error));
}

std::optional<FileState> look_at(const fs::path& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileState{status.st_dev, status.st_ino, status.st_size,
                   std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

// Gives a file another name that nothing has yet; false where something has it.
bool rename_to_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL && errno != ENOSYS) fail(to, errno);
  // A file system that cannot promise it.
  if (look_at(to)) return false;
  if (::rename(from.c_str(), to.c_str()) != 0) fail(to, errno);
  return true;
}

// A file that takes the place of another is for the same people.
void keep_permissions(const OutputTarget& target, int file) {
  struct ::stat status {};
  if (!target.before || ::stat(target.file.c_str(), &status) != 0) return;
  constexpr ::mode_t all = 07777;
  // Somebody who is not in the group cannot give it; then the group's rights would be another's.
  const bool same_group = ::fchown(file, static_cast<::uid_t>(-1), status.st_gid) == 0;
  const ::mode_t kept = same_group ? all : all & ~static_cast<::mode_t>(S_IRWXG | S_ISGID);
  (void)::fchmod(file, status.st_mode & kept);
}

}  // namespace

fs::path follow_links(fs::path path) {
  constexpr int kMostLinks = 40;
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, error); ++i) {
    const fs::path next = fs::read_symlink(path, error);
    if (error) break;
    path = path.parent_path() / next;  // an absolute one replaces all
  }
  return path;
}

OutputTarget look_at_target(const fs::path& file, FileKind kind) {
  const fs::path target = follow_links(file);
  return {target, kind, look_at(target)};
}

AtomicFile::AtomicFile(OutputTarget target) : target_(std::move(target)), temporary_(target_.file) {
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  hash_.update(bytes);
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(temporary_.descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_.file, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::reserve(std::int64_t bytes) {
  if (::fallocate(temporary_.descriptor(), FALLOC_FL_KEEP_SIZE, 0, bytes) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) fail(target_.file, errno);
}

void AtomicFile::put_in_place() {
  if (target_.before) {
    if (look_at(target_.file) == target_.before) {
      if (::rename(temporary_.path().c_str(), target_.file.c_str()) != 0) fail(target_.file, errno);
      return;
    }
  } else if (rename_to_new(temporary_.path(), target_.file)) {
    return;
  }
  const fs::path beside = put_beside();
  temporary_.keep();
  throw Error(ErrorCode::io, target_.file.string() +
                                 ": somebody else wrote it meanwhile; what facet wrote is in " +
                                 beside.string());
}

fs::path AtomicFile::put_beside() {
  constexpr int kMostNames = 1000;
  for (int i = 2; i < kMostNames; ++i) {
    fs::path name = target_.file.parent_path() / target_.file.stem();
    name += "-" + std::to_string(i);
    name += target_.file.extension();
    if (rename_to_new(temporary_.path(), name)) return name;
  }
  fail(target_.file, EEXIST);
}

void AtomicFile::commit() {
  const int file = temporary_.descriptor();
  // What was reserved and not needed.
  if (::ftruncate(file, ::lseek(file, 0, SEEK_CUR)) != 0) fail(target_.file, errno);
  keep_permissions(target_, file);
  set_file_mark(file, target_.kind, hash_.finish());
  // Without this a power cut could leave the new name on an empty file.
  if (::fsync(file) != 0) fail(target_.file, errno);
  put_in_place();
  temporary_.keep();
}

void write_file_atomically(const fs::path& path, std::span<const std::span<const std::byte>> parts,
                           FileKind kind) {
  AtomicFile file(path, kind);
  for (const auto& part : parts) file.write(part);
  file.commit();
}

}  // namespace facet::detail
