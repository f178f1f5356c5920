// SPDX-License-Identifier: Apache-2.0
// Files that are either there completely or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "base/file_mark.hpp"
#include "base/sha256.hpp"
#include "base/temporary_file.hpp"

namespace facet::detail {

// What lies at a path; two looks are equal where nothing happened in between.
struct FileState {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t changed = 0;  // nanoseconds
  friend bool operator==(const FileState&, const FileState&) = default;
};

// Where a path leads through symbolic links, the last one dangling or not; another path unchanged.
std::filesystem::path follow_links(std::filesystem::path path);

// Where something is to be written, and what lay there when that was decided.
struct OutputTarget {
  std::filesystem::path file;  // no link
  FileKind kind = FileKind::result;
  std::optional<FileState> before;
};
OutputTarget look_at_target(const std::filesystem::path& file, FileKind kind);

// Writes to a temporary file beside the target, which becomes the target at commit(), marked as
// written by facet (file_mark.hpp). Without that the target stays as it was and nothing is left
// beside it. A target that is a link stays one. Every call may throw Error(io).
// Whether the target may be replaced is not asked here: see output_guard.hpp.
class AtomicFile {
 public:
  explicit AtomicFile(OutputTarget target);
  explicit AtomicFile(const std::filesystem::path& target, FileKind kind = FileKind::result)
      : AtomicFile(look_at_target(target, kind)) {}

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  // Makes sure that the file can grow to this size, where the file system can do that.
  void reserve(std::int64_t bytes);
  // Where somebody else changed the target meanwhile, nothing of that is lost: the new file gets a
  // name with a number, and the error says which.
  void commit();

 private:
  void put_in_place();
  std::filesystem::path put_beside();

  OutputTarget target_;
  TemporaryFile temporary_;
  Sha256 hash_;
};

// The parts, one after the other.
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::span<const std::byte>> parts, FileKind kind);

}  // namespace facet::detail
