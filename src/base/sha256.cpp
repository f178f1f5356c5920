// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"

#include <algorithm>
#include <cstring>

#include "base/sha256_blocks.hpp"

namespace facet::detail {
Sha256::Sha256()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {
}

void Sha256::process(const std::uint8_t* blocks, std::size_t count) {
  static const ProcessSha256Blocks fast = sha256_blocks_of_processor();
  (fast != nullptr ? fast : process_sha256_blocks)(state_, blocks, count);
}

void Sha256::update(std::span<const std::byte> bytes) {
  total_ += bytes.size();
  const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  if (buffered_ > 0) {
    const std::size_t taken = std::min(left, buffer_.size() - buffered_);
    std::copy_n(next, taken, buffer_.begin() + static_cast<std::ptrdiff_t>(buffered_));
    buffered_ += taken;
    next += taken;
    left -= taken;
    if (buffered_ < buffer_.size()) return;
    process(buffer_.data(), 1);
    buffered_ = 0;
  }
  const std::size_t blocks = left / buffer_.size();
  process(next, blocks);
  next += blocks * buffer_.size();
  left -= blocks * buffer_.size();
  std::copy_n(next, left, buffer_.begin());
  buffered_ = left;
}

std::string Sha256::finish() {
  const std::uint64_t bits = total_ * 8;
  buffer_[buffered_++] = 0x80;
  if (buffered_ > 56) {
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(buffered_), buffer_.end(), 0);
    process(buffer_.data(), 1);
    buffered_ = 0;
  }
  std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(buffered_), buffer_.end(), 0);
  for (std::size_t i = 0; i < 8; ++i) {
    buffer_[56 + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  }
  process(buffer_.data(), 1);
  std::string hex;
  for (const std::uint32_t word : state_) {
    for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[(word >> shift) & 0xF];
  }
  return hex;
}

}  // namespace facet::detail
