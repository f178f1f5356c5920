// SPDX-License-Identifier: Apache-2.0
// Lists of paths as other programs write them, read as they come.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace facet::detail {

// A path a line (LF or CRLF), or paths separated by NUL: a NUL among the first bytes that arrive
// decides. UTF-8 or any bytes, with or without a byte order mark; UTF-16 with one. Empty paths are
// left out. Not thread-safe.
class PathList {
 public:
  // Puts some bytes into the buffer, at least one, and says how many; 0 at the end. May block.
  using ReadBytes = std::function<std::size_t(std::span<char> buffer)>;
  enum class Separator { automatic, nul };

  explicit PathList(ReadBytes read, Separator separator = Separator::automatic)
      : read_(std::move(read)), nul_(separator == Separator::nul) {}

  // The next path, as soon as it is complete; nothing at the end. What is longer than any path is
  // cut.
  std::optional<std::string> next();

 private:
  enum class Encoding { unknown, bytes, utf16_little, utf16_big };

  bool read_more();
  void take(std::string_view bytes);
  void recognise(bool at_end);
  void decode_utf16();
  std::optional<std::string> entry(std::size_t end);

  ReadBytes read_;
  bool nul_;
  bool decided_ = false;  // between lines and NUL
  bool at_end_ = false;
  Encoding encoding_ = Encoding::unknown;
  std::string raw_;      // not yet decoded
  std::string waiting_;  // decoded, no entry yet
  std::size_t searched_ = 0;
};

}  // namespace facet::detail
