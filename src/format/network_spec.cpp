// SPDX-License-Identifier: Apache-2.0
#include "format/network_spec.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "facet/error.hpp"
#include "format/strict_json.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr int kMostLayers = 64;
constexpr int kMostChannels = 1 << 14;
constexpr int kLargestKernel = 64;
constexpr int kLargestStride = 16;
constexpr int kMostCells = 16;

bool is_local(LayerKind kind) {
  return kind == LayerKind::local_tiled || kind == LayerKind::local_stacked;
}

LayerKind read_kind(FieldReader& fields) {
  const std::string text = fields.text("kind", 32);
  for (const LayerKind kind :
       {LayerKind::convolution, LayerKind::max_pool, LayerKind::average_pool,
        LayerKind::local_tiled, LayerKind::local_stacked, LayerKind::depths}) {
    if (json(kind) == text) return kind;
  }
  fields.fail("unknown kind " + in_quotes(text));
}

Layer read_layer(const json& object, std::size_t index) {
  FieldReader fields(object, "layer " + std::to_string(index));
  Layer layer;
  layer.name = fields.text("name", 64);
  if (!is_identifier(layer.name)) fields.fail("its name is not made of letters and digits");
  layer.kind = read_kind(fields);
  layer.in_channels = fields.integer("in_channels", 1, kMostChannels);
  layer.out_channels = fields.integer("out_channels", 1, kMostChannels);
  if (layer.kind == LayerKind::depths) {
    layer.of = fields.texts("of", 1, kMostLayers, 64);
    fields.finish();
    return layer;
  }
  layer.kernel = fields.integer("kernel", 1, kLargestKernel);
  layer.stride = fields.integer("stride", 1, kLargestStride);
  layer.padding = fields.integer("padding", 0, layer.kernel - 1);
  layer.relu = fields.flag("relu");
  if (fields.has("batch_norm")) layer.batch_norm = fields.flag("batch_norm");
  if (is_local(layer.kind)) {
    const int fewest = layer.kind == LayerKind::local_stacked ? 2 : 1;
    layer.cells = fields.integer("cells", fewest, kMostCells);
    if (layer.stride != 1 || layer.padding != 0) {
      fields.fail("a locally shared layer has stride 1 and no padding");
    }
  }
  if (fields.has("add")) layer.add = fields.text("add", 64);
  if (layer.kind == LayerKind::average_pool && layer.padding != 0) {
    fields.fail("average pooling has no padding");
  }
  if (layer.is_pool()) {
    if (layer.in_channels != layer.out_channels) fields.fail("pooling cannot change channels");
    if (layer.relu || layer.batch_norm) fields.fail("pooling has neither relu nor batch_norm");
  }
  if (layer.channels() > kMostChannels) fields.fail("it yields too many channels");
  fields.finish();
  return layer;
}

json write_layer(const Layer& layer) {
  json object = {{"name", layer.name},
                 {"kind", layer.kind},
                 {"in_channels", layer.in_channels},
                 {"out_channels", layer.out_channels}};
  if (layer.kind == LayerKind::depths) {
    object["of"] = layer.of;
    return object;
  }
  object["kernel"] = layer.kernel;
  object["stride"] = layer.stride;
  object["padding"] = layer.padding;
  object["relu"] = layer.relu;
  if (is_local(layer.kind)) object["cells"] = layer.cells;
  if (layer.batch_norm) object["batch_norm"] = true;
  if (!layer.add.empty()) object["add"] = layer.add;
  return object;
}

std::string shortcut_fault(const Layer& layer, std::span<const Layer> before) {
  if (layer.kind != LayerKind::convolution) return "only a convolution adds another layer's map";
  const Layer* added = layer_named(before, layer.add);
  if (added == nullptr) return "it adds " + in_quotes(layer.add) + ", which is no earlier layer";
  if (added->channels() == layer.channels()) return {};
  return "it adds " + in_quotes(layer.add) + ", which has " + std::to_string(added->channels()) +
         " channels, to its own " + std::to_string(layer.channels());
}

std::string depths_fault(const Layer& layer, std::span<const Layer> before) {
  if (layer.of.empty()) return "it reads no depths";
  int channels = layer.in_channels;
  for (std::size_t i = 0; i < layer.of.size(); ++i) {
    const std::string& name = layer.of[i];
    const Layer* read = layer_named(before, name);
    if (read == nullptr) return "it reads " + in_quotes(name) + ", which is no earlier layer";
    if (read == &before.back() ||
        std::find(layer.of.begin(), layer.of.begin() + static_cast<std::ptrdiff_t>(i), name) !=
            layer.of.begin() + static_cast<std::ptrdiff_t>(i)) {
      return "it reads " + in_quotes(name) + " twice";
    }
    channels += read->channels();
  }
  if (channels == layer.out_channels) return {};
  return "it yields " + std::to_string(layer.out_channels) + " channels where it reads " +
         std::to_string(channels);
}

}  // namespace

NetworkSpec network_spec_from_json(const json& object) {
  FieldReader fields(object, "network");
  NetworkSpec spec;
  spec.mean = fields.number("mean", -1000, 1000);
  spec.scale = fields.number("scale", 1e-6F, 1000);
  std::set<std::string> names;
  for (const json& element : fields.list("layers", 1, kMostLayers)) {
    Layer layer = read_layer(element, spec.layers.size());
    if (!names.insert(layer.name).second) {
      fields.fail("two layers are called " + in_quotes(layer.name));
    }
    if (!spec.layers.empty() && spec.layers.back().channels() != layer.in_channels) {
      fields.fail("layer " + in_quotes(layer.name) + " takes " + std::to_string(layer.in_channels) +
                  " channels where the layer before it yields " +
                  std::to_string(spec.layers.back().channels()));
    }
    const std::string fault = reference_fault(layer, spec.layers);
    if (!fault.empty()) fields.fail("layer " + in_quotes(layer.name) + ": " + fault);
    spec.layers.push_back(std::move(layer));
  }
  fields.finish();
  return spec;
}

std::string reference_fault(const Layer& layer, std::span<const Layer> before) {
  if (!layer.add.empty()) return shortcut_fault(layer, before);
  if (layer.kind == LayerKind::depths) return depths_fault(layer, before);
  return {};
}

const Layer* layer_named(std::span<const Layer> layers, const std::string& name) {
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [&](const Layer& layer) { return layer.name == name; });
  return found != layers.end() ? &*found : nullptr;
}

Layer depths_layer(const std::string& name, std::span<const Layer> before,
                   std::vector<std::string> of) {
  Layer layer;
  layer.name = name;
  layer.kind = LayerKind::depths;
  layer.in_channels = before.empty() ? 0 : before.back().channels();
  layer.out_channels = layer.in_channels;
  for (const std::string& read : of) {
    const Layer* earlier = layer_named(before, read);
    if (earlier != nullptr) layer.out_channels += earlier->channels();
  }
  layer.of = std::move(of);
  return layer;
}

json to_json(const NetworkSpec& spec) {
  json layers = json::array();
  for (const Layer& layer : spec.layers) layers.push_back(write_layer(layer));
  return {{"mean", spec.mean}, {"scale", spec.scale}, {"layers", std::move(layers)}};
}

int output_side(const Layer& layer, int input_side) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ErrorCode::invalid_argument, "layer " + in_quotes(layer.name) + " cannot take " +
                                                 "a map of side " + std::to_string(input_side) +
                                                 ": " + reason);
  };
  std::int64_t side = input_side;
  if (side < 1) refuse("it is empty");
  if (layer.kind == LayerKind::depths && side != 1) refuse("it needs a single place");
  if (layer.kind == LayerKind::local_stacked) {
    if (side % layer.cells != 0) {
      refuse("it does not divide into " + std::to_string(layer.cells) + " cells");
    }
    side = side / layer.cells * 2;
  }
  side += 2 * std::int64_t{layer.padding};
  if (side < layer.kernel) refuse("its kernel is larger");
  const std::int64_t output = (side - layer.kernel) / layer.stride + 1;
  if (layer.kind == LayerKind::local_tiled && output % layer.cells != 0) {
    refuse("the output does not divide into " + std::to_string(layer.cells) + " cells");
  }
  return static_cast<int>(output);
}

}  // namespace facet::detail
