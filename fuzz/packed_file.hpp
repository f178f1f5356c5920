// SPDX-License-Identifier: Apache-2.0
// Models and heads as fuzzers like them: description, list of tensors and data as they are, parted
// by zero bytes, without the lengths and the checksum that no random change would ever meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"

namespace facet::fuzz {

using Metadata = std::map<std::string, std::string>;

// The bytes as somebody who means it would have signed them: the checksum of read_safetensors().
inline std::string signature(const Metadata& metadata, const nlohmann::json& tensors,
                             std::string_view data) {
  detail::Sha256 hash;
  const auto add = [&hash](std::string_view text) { hash.update(std::as_bytes(std::span(text))); };
  for (const auto& [key, value] : metadata) add(key + '\n' + value + '\n');
  for (const auto& [name, tensor] : tensors.items()) {
    if (!tensor.is_object() || !tensor.contains("data_offsets")) continue;
    const auto& offsets = tensor["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned()) {
      continue;
    }
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    if (begin <= end && end <= data.size()) add(data.substr(begin, end - begin));
  }
  return hash.finish();
}

// A safetensors file of the parts, with `metadata` beside the description; nothing where the input
// has not got them.
inline std::optional<std::vector<std::byte>> packed_file(std::string_view parts,
                                                         const std::string& format,
                                                         Metadata metadata = {}) {
  const std::size_t first = parts.find('\0');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = parts.find('\0', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  metadata["format"] = format;
  metadata["facet"] = parts.substr(0, first);
  const std::string_view data = parts.substr(second + 1);
  nlohmann::json header =
      nlohmann::json::parse(parts.substr(first + 1, second - first - 1), nullptr, false);
  if (!header.is_object()) return std::nullopt;
  const std::string sha256 = signature(metadata, header, data);
  header["__metadata__"] = metadata;
  header["__metadata__"]["sha256"] = sha256;
  const std::string text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::uint64_t length = text.size();
  std::vector<std::byte> file(sizeof length + text.size() + data.size());
  std::memcpy(file.data(), &length, sizeof length);
  std::memcpy(file.data() + sizeof length, text.data(), text.size());
  if (!data.empty())
    std::memcpy(file.data() + sizeof length + text.size(), data.data(), data.size());
  return file;
}

}  // namespace facet::fuzz
