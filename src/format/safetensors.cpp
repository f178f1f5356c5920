// SPDX-License-Identifier: Apache-2.0
#include "format/safetensors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/file_bytes.hpp"
#include "base/sha256.hpp"
#include "facet/error.hpp"
#include "format/half.hpp"
#include "format/strict_json.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;
constexpr std::uint64_t kLargestHeader = std::uint64_t{4} << 20;
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostDimensions = 8;
constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "sha256";

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorCode::bad_model, reason);
}

struct Sections {
  std::string_view header;
  std::span<const std::byte> data;
};

Sections split(std::span<const std::byte> bytes) {
  if (bytes.size() < kLengthBytes) fail("too short for a safetensors file");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const auto rest = bytes.subspan(kLengthBytes);
  if (length < 2 || length > kLargestHeader) fail("not a safetensors file (header length)");
  if (length > rest.size()) fail("truncated within its header");
  if (rest[0] != std::byte{'{'}) fail("not a safetensors file (no header)");
  std::string_view header(reinterpret_cast<const char*>(rest.data()), length);
  // The format allows padding by spaces, and nothing else, behind the header.
  header = header.substr(0, header.find_last_not_of(' ') + 1);
  if (header.back() != '}') fail("header does not end as an object");
  return {header, rest.subspan(length)};
}

// Where a tensor lies, before its bytes are looked at.
struct Entry {
  std::string name;
  StoredType type = StoredType::f32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::size_t size_of(StoredType type) {
  return type == StoredType::f32 ? 4 : 2;
}

Entry read_entry(const std::string& name, const json& description) {
  FieldReader fields(description, "tensor " + in_quotes(name));
  Entry entry;
  entry.name = name;
  const std::string type = fields.text("dtype", 64);
  if (type != "F32" && type != "F16") {
    fields.fail("its type is " + in_quotes(type) + ", only F32 and F16 are read");
  }
  entry.type = type == "F32" ? StoredType::f32 : StoredType::f16;
  std::uint64_t bytes = size_of(entry.type);
  for (const json& side : fields.list("shape", 0, kMostDimensions)) {
    if (!side.is_number_unsigned()) fields.fail("its shape holds what is not a size");
    const auto size = side.get<std::uint64_t>();
    if (size > kLargestFile || (size != 0 && bytes > kLargestFile / size)) {
      fields.fail("its shape is too large");
    }
    bytes *= size;
    entry.shape.push_back(static_cast<std::int64_t>(size));
  }
  const json& offsets = fields.list("data_offsets", 2, 2);
  if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned()) {
    fields.fail("its offsets are not whole numbers");
  }
  entry.begin = offsets[0].get<std::uint64_t>();
  entry.end = offsets[1].get<std::uint64_t>();
  if (entry.begin > entry.end || entry.end - entry.begin != bytes) {
    fields.fail("its offsets do not fit its shape");
  }
  fields.finish();
  return entry;
}

std::map<std::string, std::string> read_metadata(const json& header) {
  std::map<std::string, std::string> metadata;
  const auto found = header.find(kMetadata);
  if (found == header.end()) return metadata;
  if (!found->is_object()) fail("metadata is not an object");
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string()) fail("metadata " + in_quotes(key) + " is not text");
    metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

// The entries by name, once it is sure that they cover the data without gap or overlap.
std::vector<Entry> read_entries(const json& header, std::uint64_t data_size) {
  std::vector<Entry> entries;
  for (const auto& [name, description] : header.items()) {
    if (name != kMetadata) entries.push_back(read_entry(name, description));
  }
  std::vector<const Entry*> by_place;
  for (const Entry& entry : entries) by_place.push_back(&entry);
  std::sort(by_place.begin(), by_place.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  std::uint64_t next = 0;
  for (const Entry* entry : by_place) {
    if (entry->end > data_size) {
      fail("truncated: tensor " + in_quotes(entry->name) + " reaches beyond the file's end");
    }
    if (entry->begin != next) {
      fail("tensor " + in_quotes(entry->name) + " overlaps another or leaves a gap");
    }
    next = entry->end;
  }
  if (next != data_size) fail(std::to_string(data_size - next) + " bytes belong to no tensor");
  return entries;
}

// `owner`: of the bytes, or nothing where they will not stay.
WeightTensor read_tensor(const Entry& entry, std::span<const std::byte> stored,
                         const std::shared_ptr<const std::byte[]>& owner) {
  WeightTensor tensor{entry.shape, {}};
  bool finite = true;
  if (entry.type == StoredType::f16) {
    tensor.halves = {owner, stored};
    finite = halves_are_finite(stored);
    if (owner == nullptr) {
      tensor.values = values_of(tensor);
      tensor.halves = {};
    }
  } else {
    tensor.values.resize(stored.size() / sizeof(float));
    if (!stored.empty()) std::memcpy(tensor.values.data(), stored.data(), stored.size());
    finite = std::all_of(tensor.values.begin(), tensor.values.end(),
                         [](float value) { return std::isfinite(value); });
  }
  if (!finite) {
    fail("tensor " + in_quotes(entry.name) + " holds infinite values or none at all (NaN)");
  }
  return tensor;
}

void add_metadata(Sha256& hash, const std::map<std::string, std::string>& metadata) {
  for (const auto& [key, value] : metadata) {
    if (key == kChecksum) continue;
    for (const std::string_view text : {std::string_view(key), std::string_view("\n"),
                                        std::string_view(value), std::string_view("\n")}) {
      hash.update(std::as_bytes(std::span(text)));
    }
  }
}

void check_for_writing(const std::string& name, const WeightTensor& tensor, StoredType type) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ErrorCode::invalid_argument, "tensor " + in_quotes(name) + " " + reason);
  };
  if (name.empty() || name == kMetadata) refuse("may not have that name");
  if (tensor.shape.size() > kMostDimensions) refuse("has too many dimensions");
  std::uint64_t count = 1;
  for (const std::int64_t side : tensor.shape) {
    const auto size = static_cast<std::uint64_t>(side);
    if (size > kLargestFile || (size != 0 && count > kLargestFile / size)) {
      refuse("has an impossible shape");
    }
    count *= size;
  }
  if (count != tensor.values.size()) {
    refuse("has " + std::to_string(tensor.values.size()) + " values where its shape says " +
           std::to_string(count));
  }
  const float limit = type == StoredType::f16 ? 65520.0F : INFINITY;
  for (const float value : tensor.values) {
    if (!(std::abs(value) < limit)) {
      refuse("holds " + std::to_string(value) + ", which cannot be stored");
    }
  }
}

std::vector<std::byte> to_stored(const WeightTensor& tensor, StoredType type) {
  std::vector<std::byte> stored(tensor.values.size() * size_of(type));
  if (type == StoredType::f16) {
    floats_to_halves(tensor.values, stored);
  } else if (!stored.empty()) {
    std::memcpy(stored.data(), tensor.values.data(), stored.size());
  }
  return stored;
}

std::vector<std::byte> encode(const WeightMap& tensors,
                              const std::map<std::string, std::string>& metadata, StoredType type) {
  json header = json::object();
  Sha256 hash;
  add_metadata(hash, metadata);
  std::vector<std::vector<std::byte>> data;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    check_for_writing(name, tensor, type);
    const auto& stored = data.emplace_back(to_stored(tensor, type));
    hash.update(stored);
    header[name] = {{"dtype", type == StoredType::f32 ? "F32" : "F16"},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + stored.size()}}};
    offset += stored.size();
  }
  header[kMetadata] = metadata;
  header[kMetadata][kChecksum] = hash.finish();
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the data are aligned
  if (text.size() > kLargestHeader || offset + text.size() + kLengthBytes > kLargestFile) {
    throw Error(ErrorCode::invalid_argument, "too large to be read again");
  }
  const std::array<std::uint64_t, 1> length = {text.size()};
  std::vector<std::byte> bytes(kLengthBytes + text.size() + offset);
  std::byte* out = bytes.data();
  const auto append = [&out](std::span<const std::byte> part) {
    out = std::copy(part.begin(), part.end(), out);
  };
  append(std::as_bytes(std::span(length)));
  append(std::as_bytes(std::span(text)));
  for (const auto& stored : data) append(stored);
  return bytes;
}

SafetensorsFile parse(std::span<const std::byte> bytes,
                      const std::shared_ptr<const std::byte[]>& owner) {
  const Sections sections = split(bytes);
  const json header = parse_strictly(sections.header, "header");
  SafetensorsFile file;
  file.metadata = read_metadata(header);
  const auto entries = read_entries(header, sections.data.size());
  const auto stored = [&](const Entry& entry) {
    return sections.data.subspan(entry.begin, entry.end - entry.begin);
  };
  // The checksum before the contents: a damaged file shall be called damaged.
  if (const auto expected = file.metadata.find(kChecksum); expected != file.metadata.end()) {
    Sha256 hash;
    add_metadata(hash, file.metadata);
    for (const Entry& entry : entries) hash.update(stored(entry));  // json sorts by name
    if (hash.finish() != expected->second) fail("damaged: its checksum (SHA-256) differs");
  }
  for (const Entry& entry : entries) {
    file.tensors.emplace(entry.name, read_tensor(entry, stored(entry), owner));
  }
  return file;
}

}  // namespace

std::vector<float> values_of(const WeightTensor& tensor) {
  if (tensor.halves.bytes.empty()) return tensor.values;
  std::vector<float> values(tensor.halves.bytes.size() / size_of(StoredType::f16));
  halves_to_floats(tensor.halves.bytes, values);
  return values;
}

SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, Halves halves) {
  if (halves == Halves::widened) return parse(bytes, nullptr);
  const SharedBytes own = copied_bytes(bytes);
  return parse(own.bytes, own.owner);
}

SafetensorsFile read_safetensors(const std::filesystem::path& path, Halves halves) {
  try {
    const SharedBytes file = read_file_bytes(path, kLargestFile);
    return parse(file.bytes, halves == Halves::kept ? file.owner : nullptr);
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.what());
  }
}

std::vector<std::byte> safetensors_bytes(const WeightMap& tensors,
                                         const std::map<std::string, std::string>& metadata,
                                         StoredType type) {
  try {
    return encode(tensors, metadata, type);
  } catch (const json::exception&) {
    throw Error(ErrorCode::invalid_argument, "metadata or names are not UTF-8");
  }
}

void write_safetensors(const std::filesystem::path& path, const WeightMap& tensors,
                       const std::map<std::string, std::string>& metadata, StoredType type,
                       FileKind kind) {
  std::vector<std::byte> bytes;
  try {
    bytes = safetensors_bytes(tensors, metadata, type);
  } catch (const Error& error) {
    throw Error(error.code(), path.string() + ": " + error.what());
  }
  const std::span<const std::byte> whole = bytes;
  write_file_atomically(path, {&whole, 1}, kind);
}

}  // namespace facet::detail
