// SPDX-License-Identifier: Apache-2.0
// The safetensors format: an 8-byte little-endian header length, a JSON header, raw tensors.
// Reading never trusts the file: every offset, size and count is checked before use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/file_bytes.hpp"
#include "base/file_mark.hpp"

namespace facet::detail {

// A tensor in memory, fp32 whatever the file stores; row-major in the order of `shape`.
struct WeightTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
  SharedBytes halves = {};  // instead of values, of a file's F16 tensors read with Halves::kept
};

enum class Halves {
  widened,  // to fp32
  kept,     // as they are, and the file's bytes with them: less to do for those who read them once
};

using WeightMap = std::map<std::string, WeightTensor>;

struct SafetensorsFile {
  WeightMap tensors;
  std::map<std::string, std::string> metadata;  // `__metadata__`: text to text
};

enum class StoredType { f32, f16 };

// Reads F32 and F16 tensors. Throws Error(not_found, bad_model, io) with one line that names the
// file and what is wrong. Where the metadata has "sha256" it must match (see write).
SafetensorsFile read_safetensors(const std::filesystem::path& path,
                                 Halves halves = Halves::widened);
// The same from the bytes of a file, which need not stay; messages name nothing.
SafetensorsFile parse_safetensors(std::span<const std::byte> bytes,
                                  Halves halves = Halves::widened);

// fp32 whatever the tensor keeps.
std::vector<float> values_of(const WeightTensor& tensor);

// What write_safetensors() writes. Throws Error(invalid_argument).
std::vector<std::byte> safetensors_bytes(const WeightMap& tensors,
                                         const std::map<std::string, std::string>& metadata,
                                         StoredType type);
// Writes atomically (temporary file beside the target, then rename). Adds metadata "sha256": the
// SHA-256, in hex, over the other metadata entries in order of their keys (key, '\n', value,
// '\n') followed by the stored tensor bytes in the order of the tensors' names.
void write_safetensors(const std::filesystem::path& path, const WeightMap& tensors,
                       const std::map<std::string, std::string>& metadata, StoredType type,
                       FileKind kind = FileKind::model);

// IEEE half precision, round to nearest even.
std::uint16_t to_half(float value);
float from_half(std::uint16_t bits);

}  // namespace facet::detail
