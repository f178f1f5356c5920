// SPDX-License-Identifier: Apache-2.0
// Where a result goes: standard output, a device or pipe, or a file that appears only when it is
// complete.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

#include "base/output_guard.hpp"

namespace facet::detail {

class OutputFile {
 public:
  // An empty name or "-" is standard output. Throws as OutputGuard::claim does, and Error(io) where
  // the file cannot be created.
  explicit OutputFile(const std::string& name, OutputGuard& guard);
  // Standard output.
  OutputFile();
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // What cannot be written throws Error(io) where it is inserted or flushed, so that a full disk
  // ends a run at once. On a terminal control characters are shown, not sent (printable_text.hpp).
  std::ostream& stream();
  // So many bytes will follow at the end of the run: fails now where the disk has no place for
  // them.
  void reserve(std::int64_t bytes);
  // Flushes and puts the file in place; throws Error(io).
  void commit();

 private:
  class Buffer;
  std::unique_ptr<Buffer> buffer_;
  std::ostream stream_;
};

}  // namespace facet::detail
