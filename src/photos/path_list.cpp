// SPDX-License-Identifier: Apache-2.0
#include "photos/path_list.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace facet::detail {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;
constexpr std::size_t kLongest = std::size_t{1} << 16;

void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    text += static_cast<char>(0x80U | (code >> shift & 0x3FU));
  };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_high_half(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_half(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

// Waits for more bytes only as long as these may be the start of a mark.
void PathList::recognise(bool at_end) {
  using namespace std::string_view_literals;
  constexpr std::array marks = {std::pair{"\xEF\xBB\xBF"sv, Encoding::bytes},
                                std::pair{"\xFF\xFE"sv, Encoding::utf16_little},
                                std::pair{"\xFE\xFF"sv, Encoding::utf16_big}};
  for (const auto& [mark, encoding] : marks) {
    if (raw_.starts_with(mark)) {
      encoding_ = encoding;
      raw_.erase(0, mark.size());
      return;
    }
    if (!at_end && mark.starts_with(raw_)) return;
  }
  encoding_ = Encoding::bytes;
}

void PathList::decode_utf16() {
  const bool little = encoding_ == Encoding::utf16_little;
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(raw_[at]);
    const auto second = static_cast<unsigned char>(raw_[at + 1]);
    return little ? first | second << 8U : first << 8U | second;
  };
  constexpr std::uint32_t kReplacement = 0xFFFD;
  std::size_t at = 0;
  while (at + 2 <= raw_.size()) {
    const std::uint32_t one = unit(at);
    if (!is_high_half(one)) {
      append_utf8(waiting_, is_low_half(one) ? kReplacement : one);
      at += 2;
      continue;
    }
    if (at + 4 > raw_.size()) break;  // the other half is still to come
    const std::uint32_t other = unit(at + 2);
    if (is_low_half(other)) {
      append_utf8(waiting_, 0x10000 + ((one - 0xD800) << 10U) + (other - 0xDC00));
      at += 4;
    } else {
      append_utf8(waiting_, kReplacement);
      at += 2;
    }
  }
  raw_.erase(0, at);
}

void PathList::take(std::string_view bytes) {
  raw_ += bytes;
  if (encoding_ == Encoding::unknown) recognise(bytes.empty());
  if (encoding_ == Encoding::unknown) return;
  if (encoding_ == Encoding::bytes) {
    waiting_ += std::exchange(raw_, {});
  } else {
    decode_utf16();
  }
  if (!decided_ && !waiting_.empty()) {
    decided_ = true;
    nul_ = nul_ || waiting_.find('\0') != std::string::npos;
  }
}

bool PathList::read_more() {
  if (at_end_) return false;
  std::array<char, kBlock> block{};
  const std::size_t count = read_(block);
  at_end_ = count == 0;
  take(std::string_view(block.data(), count));
  return true;
}

// What the list has up to the separator at `end`; nothing where that is empty.
std::optional<std::string> PathList::entry(std::size_t end) {
  std::string path = waiting_.substr(0, end);
  waiting_.erase(0, end + 1);
  searched_ = 0;
  if (!nul_ && path.ends_with('\r')) path.pop_back();
  if (path.empty()) return std::nullopt;
  path.resize(std::min(path.size(), kLongest));
  return path;
}

std::optional<std::string> PathList::next() {
  using namespace std::string_view_literals;
  while (true) {
    // A NUL is part of no path, so it separates lines as well.
    const std::string_view separators = nul_ ? "\0"sv : "\n\0"sv;
    const std::size_t found = waiting_.find_first_of(separators, searched_);
    if (found != std::string::npos) {
      if (auto path = entry(found)) return path;
      continue;
    }
    searched_ = waiting_.size();
    if (waiting_.size() > 2 * kLongest) {  // of what is no list not all is kept
      waiting_.resize(kLongest);
      searched_ = kLongest;
    }
    if (!read_more()) break;
  }
  return entry(waiting_.size());
}

}  // namespace facet::detail
