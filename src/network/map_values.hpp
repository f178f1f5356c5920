// SPDX-License-Identifier: Apache-2.0
// How the values of a map are stored: f32, or bf16 where a network computes so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>

#include "network/workspace.hpp"

namespace facet::detail {

enum class ValueType { f32, bf16 };

constexpr std::size_t bytes_a_value(ValueType type) {
  return type == ValueType::bf16 ? sizeof(std::uint16_t) : sizeof(float);
}

constexpr dnnl::memory::data_type data_type(ValueType type) {
  return type == ValueType::bf16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

// Copies a number of values, rounding to the nearest where bf16 is asked for.
class Conversion {
 public:
  Conversion(std::size_t count, ValueType from, ValueType to, const Workspace& workspace);
  void execute(const void* source, void* target, Workspace& workspace);

 private:
  dnnl::reorder primitive_;
  dnnl::memory source_;
  dnnl::memory target_;
  dnnl::memory scratchpad_;
};

}  // namespace facet::detail
