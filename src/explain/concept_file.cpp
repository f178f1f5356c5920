// SPDX-License-Identifier: Apache-2.0
// The file of what is known of a model's neurons: safetensors, with a description in JSON.
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/base64.hpp"
#include "explain/concept_parts.hpp"
#include "facet/error.hpp"
#include "format/safetensors.hpp"
#include "format/strict_json.hpp"
#include "image/encode.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "facet-concepts";
constexpr int kFormatVersion = 1;
constexpr std::size_t kLargestFile = 1 << 20;
constexpr float kLargestScore = 1e6F;
constexpr float kLargestCorrelation = 1.001F;  // it was rounded
// Files in half precision have 0 or more than this; division by less leaves the range of numbers.
constexpr float kLeastDeviation = 1e-8F;
constexpr std::size_t kMostAttributes = 1000;
constexpr std::size_t kMostNeurons = 1 << 14;
constexpr int kFaceQuality = 82;

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorCode::bad_model, reason);
}

std::string head_tensor(const std::string& head, const char* name) {
  return "heads/" + head + "." + name;
}

json to_json(const ConceptParts& parts) {
  json heads = json::object();
  for (const auto& [name, head] : parts.heads) {
    heads[name] = {{"checksum", head.checksum},
                   {"sparse_bias", head.sparse_bias},
                   {"sparse_a", head.sparse_a},
                   {"sparse_b", head.sparse_b}};
  }
  return {{"format_version", kFormatVersion},
          {"model", {{"name", parts.model_name}, {"version", parts.model_version}}},
          {"anet_checksum", parts.anet_checksum},
          {"feature_layer", parts.feature_layer},
          {"attributes", parts.attributes},
          {"map_side", parts.map_side},
          {"face_side", parts.face_side},
          {"heads", std::move(heads)},
          {"provenance", parts.provenance}};
}

WeightTensor matrix(const std::vector<float>& values, std::size_t rows) {
  const std::size_t columns = rows > 0 ? values.size() / rows : 0;
  return {{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)}, values};
}

WeightMap to_tensors(const ConceptParts& parts) {
  const std::size_t neurons = parts.mean.size();
  WeightMap tensors;
  tensors["correlation"] = matrix(parts.correlation, neurons);
  tensors["mean"] = matrix(parts.mean, 1);
  tensors["deviation"] = matrix(parts.deviation, 1);
  tensors["mean_map"] = matrix(parts.mean_map, static_cast<std::size_t>(parts.map_side) *
                                                   static_cast<std::size_t>(parts.map_side));
  for (const auto& [name, head] : parts.heads) {
    const std::size_t rows = head.sparse_bias.size();
    tensors[head_tensor(name, "sparse_weight")] = matrix(head.sparse_weight, rows);
    tensors[head_tensor(name, "concept_low")] = matrix(head.concept_low, rows);
    tensors[head_tensor(name, "concept_high")] = matrix(head.concept_high, rows);
  }
  return tensors;
}

// Takes the tensor out; `rows` and `columns` 0: any number.
WeightTensor take(WeightMap& tensors, const std::string& name, std::size_t rows,
                  std::size_t columns, float largest = kLargestScore) {
  auto node = tensors.extract(name);
  if (node.empty()) fail("tensor " + in_quotes(name) + " is missing");
  const std::vector<std::int64_t>& shape = node.mapped().shape;
  const auto fits = [](std::int64_t size, std::size_t wanted) {
    return size > 0 && (wanted == 0 || size == static_cast<std::int64_t>(wanted));
  };
  if (shape.size() != 2 || !fits(shape[0], rows) || !fits(shape[1], columns)) {
    fail("tensor " + in_quotes(name) + " has another shape than it needs");
  }
  for (const float value : node.mapped().values) {
    if (!(std::abs(value) <= largest)) {
      fail("tensor " + in_quotes(name) + " holds " + std::to_string(value) + ", beyond " +
           std::to_string(largest));
    }
  }
  return std::move(node.mapped());
}

void read_head(const std::string& name, const json& object, std::size_t concepts,
               WeightMap& tensors, ConceptParts& parts) {
  if (!is_identifier(name)) fail("a head has the name " + in_quotes(name));
  FieldReader fields(object, "head " + in_quotes(name));
  HeadConcepts head;
  head.checksum = fields.text("checksum", 64);
  head.sparse_bias =
      fields.numbers("sparse_bias", 1, kMostAttributes, -kLargestScore, kLargestScore);
  const std::size_t rows = head.sparse_bias.size();
  head.sparse_a = fields.numbers("sparse_a", rows, rows, -kLargestScore, kLargestScore);
  head.sparse_b = fields.numbers("sparse_b", rows, rows, -kLargestScore, kLargestScore);
  fields.finish();
  head.sparse_weight =
      take(tensors, head_tensor(name, "sparse_weight"), rows, parts.mean.size()).values;
  head.concept_low = take(tensors, head_tensor(name, "concept_low"), rows, concepts).values;
  head.concept_high = take(tensors, head_tensor(name, "concept_high"), rows, concepts).values;
  parts.heads.emplace(name, std::move(head));
}

void read_faces(const std::string& text, ConceptParts& parts) {
  const auto bytes = base64_bytes(text);
  if (!bytes) fail("its faces are not base64");
  try {
    parts.faces = decode_image(*bytes, {kLargestFile * 16, 1, false});
  } catch (const Error& error) {
    fail(std::string("its faces: ") + error.what());
  }
  const int rows = parts.neurons() / kFaceColumns + 1;
  if (parts.faces.width != kFaceColumns * parts.face_side ||
      parts.faces.height != rows * parts.face_side) {
    fail("its faces have another size than its neurons need");
  }
}

ConceptParts assemble(const json& object, WeightMap tensors, const std::string& faces) {
  FieldReader fields(object, "its description");
  if (fields.integer("format_version", 1, INT32_MAX) > kFormatVersion) {
    fail("its format version " + object["format_version"].dump() + " is newer than " +
         std::to_string(kFormatVersion) + ", which this program reads");
  }
  ConceptParts parts;
  FieldReader model(fields.value("model"), "model");
  parts.model_name = model.text("name", 100);
  parts.model_version = model.text("version", 100);
  model.finish();
  parts.anet_checksum = fields.text("anet_checksum", 64);
  parts.feature_layer = fields.text("feature_layer", 64);
  parts.attributes = fields.texts("attributes", 1, kMostAttributes, 100);
  parts.map_side = fields.integer("map_side", 1, 256);
  parts.face_side = fields.integer("face_side", 8, 128);
  parts.provenance = fields.value("provenance");
  parts.mean = take(tensors, "mean", 1, 0).values;
  const std::size_t neurons = parts.mean.size();
  if (neurons > kMostNeurons) fail("it has too many neurons");
  parts.deviation = take(tensors, "deviation", 1, neurons).values;
  for (const float value : parts.deviation) {
    if (value != 0 && value < kLeastDeviation) fail("a neuron has an impossible deviation");
  }
  parts.correlation =
      take(tensors, "correlation", neurons, parts.attributes.size(), kLargestCorrelation).values;
  const auto places =
      static_cast<std::size_t>(parts.map_side) * static_cast<std::size_t>(parts.map_side);
  parts.mean_map = take(tensors, "mean_map", places, 0).values;
  const json& heads = fields.value("heads");
  if (!heads.is_object()) fail("its heads are not an object");
  // Their sizes are what is compared with the model's.
  if (heads.empty()) fail("it knows no head");
  const std::size_t concepts = concept_groups(parts).concepts.size();
  for (const auto& [name, head] : heads.items()) read_head(name, head, concepts, tensors, parts);
  fields.finish();
  if (!tensors.empty()) fail("unknown tensor " + in_quotes(tensors.begin()->first));
  read_faces(faces, parts);
  return parts;
}

}  // namespace

ConceptParts read_concepts(const std::filesystem::path& path) {
  SafetensorsFile file = read_safetensors(path);
  try {
    const auto metadata = [&](const char* key) -> const std::string& {
      const auto found = file.metadata.find(key);
      if (found == file.metadata.end()) {
        fail(std::string("not facet's concepts: no \"") + key + "\" in its metadata");
      }
      return found->second;
    };
    if (metadata("format") != kFormat) {
      fail("not facet's concepts: its format is " + in_quotes(metadata("format")));
    }
    metadata("sha256");  // without one nothing was checked
    return assemble(parse_strictly(metadata("facet"), "its description"), std::move(file.tensors),
                    metadata("faces"));
  } catch (const Error& error) {
    throw Error(ErrorCode::bad_model, path.string() + ": " + error.what());
  }
}

void write_concepts(const std::filesystem::path& path, const ConceptParts& parts) {
  const WeightMap tensors = to_tensors(parts);
  const std::string description = to_json(parts).dump();
  const std::string faces = base64_text(encode_jpeg(parts.faces, kFaceQuality));
  try {
    assemble(parse_strictly(description, "its description"), tensors, faces);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, path.string() + ": not written: " + error.what());
  }
  const std::vector<std::byte> bytes = safetensors_bytes(
      tensors, {{"format", kFormat}, {"facet", description}, {"faces", faces}}, StoredType::f16);
  if (bytes.size() > kLargestFile) {
    throw Error(ErrorCode::invalid_argument,
                path.string() + ": not written: it would take " + std::to_string(bytes.size()) +
                    " bytes, more than " + std::to_string(kLargestFile));
  }
  AtomicFile out(path, FileKind::model);
  out.write(bytes);
  out.commit();
}

}  // namespace facet::detail
