// SPDX-License-Identifier: Apache-2.0
// A whole file in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace facet::detail {

// Bytes that stay in memory as long as someone holds them, or a part of them.
struct SharedBytes {
  std::shared_ptr<const std::byte[]> owner;
  std::span<const std::byte> bytes;
};

// Throws Error(not_found, io), or Error(bad_model) for what is no file or has more than `largest`
// bytes; the messages do not name the file.
SharedBytes read_file_bytes(const std::filesystem::path& path, std::uint64_t largest);

SharedBytes copied_bytes(std::span<const std::byte> bytes);

}  // namespace facet::detail
