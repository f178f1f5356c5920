// SPDX-License-Identifier: Apache-2.0
// Writes protobuf's wire format, as far as ONNX files need it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace facet::detail {

// A message under construction: fields in the order in which they are added.
class ProtobufMessage {
 public:
  void add(int field, std::int64_t value);
  void add(int field, std::string_view bytes);
  void add(int field, const ProtobufMessage& message) { add(field, message.bytes()); }

  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  void add_varint(std::uint64_t value);

  std::string bytes_;
};

}  // namespace facet::detail
