// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/atomic_file.hpp"
#include "facet/error.hpp"
#include "format/strict_json.hpp"
#include "model/model_checks.hpp"
#include "model/model_parts.hpp"
#include "model/settings_json.hpp"
#include "network/amx/processor.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr int kFormatVersion = 3;  // 2: layers of kind depths; 3: the face check
constexpr const char* kFormat = "facet-model";

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorCode::bad_model, reason);
}

constexpr const char* kFaceCheck = "face_check";

std::string weight_name(const std::string& head) {
  return "heads/" + head + ".weight";
}

std::string face_check_weight_name() {
  return std::string(kFaceCheck) + ".weight";
}

// The oldest that has all of it: programs that read no newer one can still use the model.
int needed_version(const ModelParts& parts, const std::map<std::string, NetworkPart>& networks) {
  if (parts.face_check) return 3;
  for (const auto& [name, part] : networks) {
    for (const Layer& layer : part.spec.layers) {
      if (layer.kind == LayerKind::depths) return 2;
    }
  }
  return 1;
}

json to_json(const ModelParts& parts, const std::map<std::string, NetworkPart>& networks) {
  json specs = json::object();
  for (const auto& [name, part] : networks) specs[name] = to_json(part.spec);
  json heads = json::object();
  for (const auto& [name, head] : parts.heads) heads[name] = head_to_json(head);
  json object = {{"format_version", needed_version(parts, networks)},
                 {"name", parts.name},
                 {"version", parts.version},
                 {"licence", parts.licence},
                 {"provenance", parts.provenance},
                 {"networks", std::move(specs)},
                 {"evidence_layer", parts.evidence_layer},
                 {"response_layer", parts.response_layer},
                 {"localiser", localiser_to_json(parts.localiser)},
                 {"patches", patches_to_json(parts.patches)},
                 {"heads", std::move(heads)}};
  if (networks.count("aligner") > 0) object["alignment"] = alignment_to_json(parts.alignment);
  if (parts.face_check) object[kFaceCheck] = head_to_json(*parts.face_check);
  return object;
}

WeightMap to_tensors(const ModelParts& parts, const std::map<std::string, NetworkPart>& networks) {
  WeightMap tensors;
  for (const auto& [network, part] : networks) {
    for (const auto& [name, tensor] : part.weights) tensors.emplace(network + "/" + name, tensor);
  }
  const auto add = [&tensors](const std::string& name, const Head& head) {
    const std::size_t rows = head.attributes.size();
    const std::size_t columns = rows > 0 ? head.weight.size() / rows : 0;
    tensors[name] = {{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)},
                     head.weight};
  };
  for (const auto& [name, head] : parts.heads) add(weight_name(name), head);
  if (parts.face_check) add(face_check_weight_name(), *parts.face_check);
  return tensors;
}

// Takes the tensor out, so that in the end those remain that nobody asked for.
WeightTensor take(WeightMap& tensors, const std::string& name,
                  const std::vector<std::int64_t>& shape) {
  auto node = tensors.extract(name);
  if (node.empty()) fail("tensor " + in_quotes(name) + " is missing");
  if (node.mapped().shape != shape) {
    fail("tensor " + in_quotes(name) + " has shape " + json(node.mapped().shape).dump() +
         " where " + json(shape).dump() + " is needed");
  }
  return std::move(node.mapped());
}

WeightMap take_weights(WeightMap& tensors, const std::string& network, const NetworkSpec& spec) {
  WeightMap weights;
  for (const Layer& layer : spec.layers) {
    if (!layer.has_weights()) continue;
    std::vector<std::int64_t> weight = {layer.out_channels, layer.in_channels, layer.kernel,
                                        layer.kernel};
    std::vector<std::int64_t> bias = {layer.out_channels};
    if (layer.kind != LayerKind::convolution) {
      weight.insert(weight.begin(), layer.banks());
      bias.insert(bias.begin(), layer.banks());
    }
    for (const auto& [name, shape] :
         {std::pair(layer.name + ".weight", weight), std::pair(layer.name + ".bias", bias)}) {
      weights.emplace(name, take(tensors, network + "/" + name, shape));
    }
  }
  return weights;
}

void read_networks(const json& specs, WeightMap& tensors, LoadedModel& model) {
  if (!specs.is_object() || specs.empty()) fail("it has no networks");
  for (const auto& [name, object] : specs.items()) {
    if (!is_network_name(name)) fail("unknown network " + in_quotes(name));
    try {
      NetworkPart& part = model.networks[name];
      part.spec = network_spec_from_json(object);
      part.weights = take_weights(tensors, name, part.spec);
    } catch (const Error& error) {
      fail(in_quotes(name) + ": " + error.what());
    }
  }
}

// Description and tensor of a head; check_parts compares its columns with the features.
Head read_head(const std::string& name, const json& object, const std::string& tensor,
               WeightMap& tensors) {
  Head head = head_from_json(name, object);
  const auto found = tensors.find(tensor);
  const std::int64_t columns =
      found != tensors.end() && found->second.shape.size() == 2 ? found->second.shape[1] : 0;
  head.weight = values_of(
      take(tensors, tensor, {static_cast<std::int64_t>(head.attributes.size()), columns}));
  return head;
}

void read_heads(const json& heads, WeightMap& tensors, ModelParts& parts) {
  if (!heads.is_object()) fail("its heads are not an object");
  constexpr std::size_t kMostHeads = 32;
  if (heads.size() > kMostHeads) fail("it has too many heads");
  for (const auto& [name, object] : heads.items()) {
    if (!is_identifier(name)) fail("a head has the name " + in_quotes(name));
    parts.heads.emplace(name, read_head(name, object, weight_name(name), tensors));
  }
}

// The model that description and tensors make, without Network objects.
LoadedModel assemble(const std::string& description, WeightMap tensors) {
  const json object = parse_strictly(description, "its description");
  FieldReader fields(object, "its description");
  if (fields.integer("format_version", 1, INT32_MAX) > kFormatVersion) {
    fail("its format version " + object["format_version"].dump() + " is newer than " +
         std::to_string(kFormatVersion) + ", which this program reads");
  }
  LoadedModel model;
  ModelParts& parts = model.parts;
  parts.name = fields.text("name", 100);
  parts.version = fields.text("version", 100);
  parts.licence = fields.text("licence", 10'000);
  parts.provenance = fields.value("provenance");
  parts.evidence_layer = fields.text("evidence_layer", 64);
  parts.response_layer = fields.text("response_layer", 64);
  parts.localiser = localiser_from_json(fields.value("localiser"));
  parts.patches = patches_from_json(fields.value("patches"));
  if (parts.name.empty()) fields.fail("\"name\" is empty");
  read_networks(fields.value("networks"), tensors, model);
  if (model.networks.count("aligner") > 0) {
    parts.alignment = alignment_from_json(fields.value("alignment"));
  }
  read_heads(fields.value("heads"), tensors, parts);
  if (fields.has(kFaceCheck)) {
    parts.face_check =
        read_head(kFaceCheck, fields.value(kFaceCheck), face_check_weight_name(), tensors);
  }
  fields.finish();
  if (!tensors.empty()) fail("unknown tensor " + in_quotes(tensors.begin()->first));
  check_parts(parts, model.networks);
  return model;
}

// `keep`: the networks' weights are wanted outside of them, too.
LoadedModel take(SafetensorsFile file, bool keep, const std::string& shown) {
  try {
    const auto metadata = [&](const char* key) -> const std::string& {
      const auto found = file.metadata.find(key);
      if (found == file.metadata.end()) {
        fail(std::string("not a facet model: no \"") + key + "\" in its metadata");
      }
      return found->second;
    };
    if (metadata("format") != kFormat) fail("not a facet model: its format is another");
    LoadedModel model = assemble(metadata("facet"), std::move(file.tensors));
    model.parts.checksum = metadata("sha256");
    const auto network = [&](const char* name) -> std::optional<Network> {
      const auto found = model.networks.find(name);
      if (found == model.networks.end()) return std::nullopt;
      if (keep) return Network(found->second.spec, found->second.weights);
      return Network(std::move(found->second.spec), std::move(found->second.weights));
    };
    model.parts.lnet_o = network("lnet_o");
    model.parts.lnet_s = network("lnet_s");
    model.parts.aligner = network("aligner");
    model.parts.anet = network("anet");
    return model;
  } catch (const Error& error) {
    throw Error(ErrorCode::bad_model, shown + ": " + error.what());
  }
}

// AMX's kernels make their filters from halves as well. Others ask for floats in any case.
Halves halves() {
  return has_amx() ? Halves::kept : Halves::widened;
}

}  // namespace

std::vector<std::byte> model_bytes(const ModelParts& parts,
                                   const std::map<std::string, NetworkPart>& networks,
                                   const std::string& name) {
  try {
    const WeightMap tensors = to_tensors(parts, networks);
    const std::string description = to_json(parts, networks).dump();
    assemble(description, tensors);  // what could not be read again is not written
    return safetensors_bytes(tensors, {{"format", kFormat}, {"facet", description}},
                             StoredType::f16);
  } catch (const json::exception&) {
    throw Error(ErrorCode::bad_model, name + ": not written: text that is not UTF-8");
  } catch (const Error& error) {
    throw Error(error.code(), name + ": not written: " + error.what());
  }
}

void write_model(const std::filesystem::path& path, const ModelParts& parts,
                 const std::map<std::string, NetworkPart>& networks) {
  const std::vector<std::byte> bytes = model_bytes(parts, networks, path.string());
  const std::span<const std::byte> whole = bytes;
  write_file_atomically(path, {&whole, 1}, FileKind::model);
}

LoadedModel read_model(const std::filesystem::path& path) {
  return take(read_safetensors(path), true, path.string());
}

ModelParts read_model_parts(const std::filesystem::path& path) {
  return std::move(take(read_safetensors(path, halves()), false, path.string()).parts);
}

ModelParts parse_model_parts(std::span<const std::byte> bytes, const std::string& name) {
  const auto parsed = [&] {
    try {
      return parse_safetensors(bytes, halves());
    } catch (const Error& error) {
      throw Error(error.code(), name + ": " + error.what());
    }
  };
  return std::move(take(parsed(), false, name).parts);
}

}  // namespace facet::detail
