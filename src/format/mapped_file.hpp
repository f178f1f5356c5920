// SPDX-License-Identifier: Apache-2.0
// A file's bytes as the system keeps them, without a copy.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace facet::detail {

class MappedFile {
 public:
  // Throws Error(not_found), Error(io), or Error(bad_model) for what is no file or has more than
  // `largest` bytes; the messages do not name the file.
  MappedFile(const std::filesystem::path& path, std::uint64_t largest);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // What another program writes into the file meanwhile shows here, and the system ends a program
  // that reads where a file was cut off: call check_unchanged() before reading, shortly, and after.
  // A file that was replaced by another, as write_safetensors does, stays as it was.
  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }
  // Throws Error(io) where the file was written to since it was mapped.
  void check_unchanged() const;

 private:
  int descriptor_ = -1;
  struct stat status_ = {};
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace facet::detail
