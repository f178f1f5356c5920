// SPDX-License-Identifier: Apache-2.0
// What every fuzzer holds against what it feeds: all that is wrong is said by an Error of one line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "facet/error.hpp"

namespace facet::fuzz {

// Ends the program where something does not hold; the fuzzer keeps what led there.
inline void expect(bool holds) {
  if (!holds) std::abort();
}

// Not empty, and nothing in it that would break a line or move a terminal's cursor.
inline bool is_one_line(std::string_view message) {
  return !message.empty() && std::none_of(message.begin(), message.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

// False where `work` throws an Error. Whatever else it throws ends the program, and so does a fault
// of facet's own.
template <typename Work>
bool succeeds(Work&& work) {
  try {
    work();
    return true;
  } catch (const Error& error) {
    if (is_one_line(error.what()) && error.code() != ErrorCode::internal) return false;
    std::fprintf(stderr, "an error that must not be: %s\n", error.what());
    std::abort();
  }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A number that is the same for the same bytes, for choices that no byte of a file is left for.
inline std::uint32_t number_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t hash = 2166136261U;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 16777619U;
  return hash;
}

}  // namespace facet::fuzz
