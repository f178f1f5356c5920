// SPDX-License-Identifier: Apache-2.0
// A fuzzer's input as decisions: numbers, one after the other; 0 when it is used up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace facet::fuzz {

class ByteStream {
 public:
  explicit ByteStream(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool at_end() const { return bytes_.empty(); }
  std::uint8_t byte() { return number<std::uint8_t>(); }
  // 0 … count - 1.
  std::size_t below(std::size_t count) { return byte() % count; }
  // True about once in `often`.
  bool one_in(std::size_t often) { return below(often) == often - 1; }

  template <typename Number>
  Number number() {
    Number value{};
    const std::size_t count = bytes_.size() < sizeof value ? bytes_.size() : sizeof value;
    if (count > 0) std::memcpy(&value, bytes_.data(), count);
    bytes_ = bytes_.subspan(count);
    return value;
  }
  // Mostly one of a few that make sense, now and then any.
  template <typename Number>
  Number choice(std::initializer_list<Number> sensible) {
    if (one_in(8)) return number<Number>();
    return sensible.begin()[below(sensible.size())];
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace facet::fuzz
