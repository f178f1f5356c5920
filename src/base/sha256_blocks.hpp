// SPDX-License-Identifier: Apache-2.0
// SHA-256's work on whole blocks, by the processor's own instructions where it has them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace facet::detail {

constexpr std::size_t kSha256Block = 64;  // bytes
using Sha256State = std::array<std::uint32_t, 8>;

// FIPS 180-4's K, in rows of four as instructions take them.
extern const std::array<std::uint32_t, 64> kSha256Constants;

using ProcessSha256Blocks = void (*)(Sha256State& state, const std::uint8_t* blocks,
                                     std::size_t count);

// On any processor.
void process_sha256_blocks(Sha256State& state, const std::uint8_t* blocks, std::size_t count);

// The same, faster; null where this processor has no instructions for it.
ProcessSha256Blocks sha256_blocks_of_processor();

}  // namespace facet::detail
