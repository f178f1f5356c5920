// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), to prove that a model file is what its author wrote.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace facet::detail {

class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  // The digest in lower-case hex. The object must not be used afterwards.
  std::string finish();

 private:
  void process(const std::uint8_t* blocks, std::size_t count);
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> buffer_{};
  std::size_t buffered_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace facet::detail
