// SPDX-License-Identifier: Apache-2.0
#include "export/protobuf_message.hpp"

namespace facet::detail {
namespace {

// The low three bits of a field's tag.
constexpr std::uint64_t varint = 0;
constexpr std::uint64_t length_delimited = 2;

std::uint64_t tag(int field, std::uint64_t wire_type) {
  return static_cast<std::uint64_t>(field) << 3U | wire_type;
}

}  // namespace

void ProtobufMessage::add_varint(std::uint64_t value) {
  constexpr std::uint64_t more = 0x80;
  while (value >= more) {
    bytes_ += static_cast<char>((value & (more - 1)) | more);
    value >>= 7U;
  }
  bytes_ += static_cast<char>(value);
}

void ProtobufMessage::add(int field, std::int64_t value) {
  add_varint(tag(field, varint));
  add_varint(static_cast<std::uint64_t>(value));
}

void ProtobufMessage::add(int field, std::string_view bytes) {
  add_varint(tag(field, length_delimited));
  add_varint(bytes.size());
  bytes_ += bytes;
}

}  // namespace facet::detail
