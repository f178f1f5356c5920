// SPDX-License-Identifier: Apache-2.0
#include "recipe/recipe.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/printable_text.hpp"
#include "facet/error.hpp"
#include "recipe/named_lists.hpp"
#include "recipe/rehearsal.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::invalid_argument, printable_text(message));  // keys may hold anything
}

constexpr const char* kStandsIn = "stands_in";  // a stage's recipe, while recipes are joined

// Each stage remembers whose it is.
void mark_stages(toml::table& recipe) {
  const auto name = recipe["name"].value_or<std::string>("");
  auto* stages = recipe["stages"].as_array();
  if (stages == nullptr) return;
  for (auto& stage : *stages) {
    if (stage.is_table()) stage.as_table()->insert_or_assign(kStandsIn, name);
  }
}

toml::table parse(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::not_found, path.string() + ": does not exist");
  }
  try {
    return toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    refuse(path.string() + ": line " + std::to_string(error.source().begin.line) + ": " +
           std::string(error.description()));
  }
}

// The recipe it builds on, if any, with its own networks and lists added, its own stages after the
// others and its own settings in the others' place. Moved, not copied: copies forget their lines.
toml::table parse_on_base(const std::filesystem::path& path, int depth = 0) {
  constexpr int kDeepest = 8;
  toml::table own = parse(path);
  mark_stages(own);
  const auto base = own["base"].value<std::string>();
  if (!base) return own;
  if (depth == kDeepest) refuse(path.string() + ": its 'base' leads back to itself");
  toml::table whole = parse_on_base(path.parent_path() / *base, depth + 1);
  own.erase("base");
  auto* stages = whole["stages"].as_array();
  for (auto&& [key, node] : own) {
    auto* added_to = key == "networks" || key == "lists" ? whole[key].as_table() : nullptr;
    if (added_to != nullptr && node.is_table()) {
      for (auto&& [name, value] : *node.as_table()) {
        added_to->insert_or_assign(name, std::move(value));
      }
    } else if (key == "stages" && node.is_array() && stages != nullptr) {
      for (auto&& stage : *node.as_array()) stages->push_back(std::move(stage));
    } else {
      whole.insert_or_assign(key, std::move(node));
    }
  }
  return whole;
}

// Gives each stage that is `like` an earlier one the settings it leaves out.
void complete_stages(toml::table& root, const std::string& file) {
  auto* stages = root["stages"].as_array();
  if (stages == nullptr) return;
  std::map<std::string, const toml::table*> earlier;
  for (auto& node : *stages) {
    auto* stage = node.as_table();
    if (stage == nullptr) continue;  // reported where stages are read
    if (const auto like = (*stage)["like"].value<std::string>()) {
      const auto model = earlier.find(*like);
      if (model == earlier.end()) {
        refuse(place_of(*stage->get("like"), file) + ": no stage '" + *like +
               "' before this one, which is like it");
      }
      stage->erase("like");
      for (const auto& [key, value] : *model->second) {
        if (!stage->contains(key)) stage->insert(key, value);
      }
    }
    earlier[(*stage)["name"].value_or<std::string>("")] = stage;
  }
}

Stage read_stage(const toml::table& table, const std::string& file, const std::string& recipe,
                 bool rehearse) {
  TableReader reader(table, file);
  Stage stage;
  stage.name = reader.require<std::string>("name");
  if (stage.name.empty() || stage.name.find_first_of("/\\") != std::string::npos) {
    refuse(place_of(table, file) + ": '" + stage.name + "' is no name for a stage's folder");
  }
  const auto kind = reader.require<std::string>("kind");
  const auto known = stage_kind_named(kind);
  if (!known) {
    refuse(place_of(*table.get("kind"), file) + ": stage '" + stage.name +
           "': " + unknown_stage_kind(kind));
  }
  stage.kind = *known;
  const auto stands_in = reader.get<std::string>(kStandsIn, recipe);
  stage.recipe = rehearse ? rehearsal_name(stands_in) : stands_in;
  const auto& source = table.source().path;
  stage.where = (source ? *source : file) + " stage '" + stage.name + "'";
  stage.table = &table;
  return stage;
}

}  // namespace

TableReader Stage::settings() const {
  TableReader reader(*table, where);
  for (const char* key : {"name", "kind"}) reader.skip(key);
  return reader;
}

Recipe Recipe::read(const std::filesystem::path& path, bool rehearse) {
  Recipe recipe;
  recipe.path_ = path;
  recipe.root_ = parse_on_base(path);
  fill_in_lists(recipe.root_, path.string());
  complete_stages(recipe.root_, path.string());
  if (rehearse) shrink_to_rehearsal(recipe.root_);
  TableReader reader(recipe.root_, path.string());
  recipe.name_ = reader.require<std::string>("name");
  const auto seed = reader.get<std::int64_t>("seed", 1);
  if (seed < 0) refuse(place_of(*recipe.root_.get("seed"), path.string()) + ": 'seed' is negative");
  recipe.seed_ = static_cast<std::uint64_t>(seed);
  std::set<std::string> names;
  for (const toml::table* table : reader.tables("stages")) {
    recipe.stages_.push_back(read_stage(*table, path.string(), recipe.name_, rehearse));
    if (!names.insert(recipe.stages_.back().name).second) {
      refuse(place_of(*table, path.string()) + ": a second stage '" + recipe.stages_.back().name +
             "'");
    }
  }
  if (recipe.stages_.empty()) refuse(path.string() + ": has no stages");
  for (auto& stage : *recipe.root_["stages"].as_array()) stage.as_table()->erase(kStandsIn);
  return recipe;
}

const Stage& Recipe::stage(const std::string& name) const {
  const auto found = std::find_if(stages_.begin(), stages_.end(),
                                  [&name](const Stage& stage) { return stage.name == name; });
  if (found == stages_.end()) refuse(path_.string() + ": has no stage '" + name + "'");
  return *found;
}

NetworkSpec Recipe::network(const std::string& name) const {
  const auto* node = root_.at_path("networks." + name).node();
  if (node == nullptr || !node->is_table()) {
    refuse(path_.string() + ": no table [networks." + name + "]");
  }
  TableReader reader(*node->as_table(), path_.string() + " [networks." + name + "]");
  NetworkSpec spec;
  spec.mean = reader.get("mean", spec.mean);
  spec.scale = reader.get("scale", spec.scale);
  for (const toml::table* table : reader.tables("layers")) {
    TableReader fields(*table, reader.where());
    Layer layer;
    layer.name = fields.require<std::string>("name");
    const auto kind = fields.require<std::string>("kind");
    const nlohmann::json as_json = kind;
    layer.kind = as_json.get<LayerKind>();
    if (nlohmann::json(layer.kind) != as_json) {
      refuse(place_of(*table, fields.where()) + ": layer '" + layer.name + "' has unknown kind '" +
             kind + "'");
    }
    if (layer.kind == LayerKind::depths) {
      const auto of = fields.require<std::vector<std::string>>("of");
      fields.finish();
      spec.layers.push_back(depths_layer(layer.name, spec.layers, of));
      continue;
    }
    layer.in_channels = fields.get("in", 0);
    layer.out_channels = fields.get("out", layer.in_channels);
    layer.kernel = fields.get("kernel", 1);
    layer.stride = fields.get("stride", 1);
    layer.padding = fields.get("padding", 0);
    layer.cells = fields.get("cells", 0);
    layer.relu = fields.get("relu", false);
    layer.batch_norm = fields.get("norm", false);
    layer.add = fields.get<std::string>("add", "");
    fields.finish();
    // Channels follow from the layer before where the recipe leaves them out.
    if (layer.in_channels == 0) {
      layer.in_channels = spec.layers.empty() ? 3 : spec.layers.back().channels();
    }
    if (layer.is_pool()) layer.out_channels = layer.in_channels;
    spec.layers.push_back(layer);
  }
  reader.finish();
  try {
    return network_spec_from_json(to_json(spec));  // the one place that validates
  } catch (const Error& error) {
    refuse(reader.where() + ": " + error.what());
  }
}

}  // namespace facet::detail
