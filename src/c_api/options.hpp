// SPDX-License-Identifier: Apache-2.0
// Structs of the C API that may grow: read from what a caller gives, written to what he offers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "c_api/boundary.hpp"
#include "facet/facet.h"
#include "facet/image.hpp"
#include "facet/predictor.hpp"

namespace facet::detail {

// The size that a struct begins with. Throws Error(invalid_argument) where it is none that this
// struct had in any version, or ever will have.
template <typename Struct>
std::size_t given_size(const Struct* given, const char* name) {
  require(given, name);
  constexpr std::size_t growth = 1024;  // so many bytes no later version will add
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size >= sizeof(Struct) && size <= sizeof(Struct) + growth) return size;
  throw Error(ErrorCode::invalid_argument, std::string(name) + ": struct_size is " +
                                               std::to_string(size) + ", should be " +
                                               std::to_string(sizeof(Struct)));
}

// A copy of what this version knows. Throws Error(invalid_argument) for a wrong size, or where a
// later version's member, which this one cannot obey, is set.
template <typename Struct>
Struct read_struct(const Struct* given, const char* name) {
  const std::size_t size = given_size(given, name);
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  if (std::any_of(bytes + sizeof(Struct), bytes + size, [](unsigned char b) { return b != 0; })) {
    throw Error(ErrorCode::invalid_argument,
                std::string(name) + ": asks for what this version of facet does not know");
  }
  Struct copy{};
  std::memcpy(&copy, given, sizeof copy);
  return copy;
}

// Fills the struct and keeps its struct_size; what only a later version knows becomes 0.
template <typename Struct>
void write_struct(const Struct& value, Struct* output, const char* name) {
  const std::size_t size = given_size(output, name);
  auto* bytes = reinterpret_cast<unsigned char*>(output);
  std::memcpy(bytes, &value, sizeof value);
  std::fill(bytes + sizeof value, bytes + size, static_cast<unsigned char>(0));
  output->struct_size = size;
}

// How one call predicts.
struct CallOptions {
  PredictOptions predict;
  DecodeOptions decode;
  bool boxes_only = false;
};

// `given` NULL: the defaults. The deadline counts from now. Throws Error(invalid_argument).
CallOptions call_options(const facet_predict_options* given);

// A number of threads or calls: 0 stands for `otherwise`. Throws Error(invalid_argument) that calls
// it `what`.
int count_of(int given, int otherwise, const char* what);
// The cores that a call uses.
int thread_count(const facet_predictor_options& options);
Precision precision_of(facet_precision number);
PixelFormat pixel_format_of(facet_pixel_format number);

}  // namespace facet::detail
