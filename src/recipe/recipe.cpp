// SPDX-License-Identifier: Apache-2.0
#include "recipe/recipe.hpp"

#include <map>
#include <stdexcept>

#include "recipe/rehearsal.hpp"

namespace facet::detail {

std::string TableReader::line_of(const toml::node& node) const {
  const std::string line = "line " + std::to_string(node.source().begin.line);
  const auto& path = node.source().path;
  if (!path || where_.find(*path) != std::string::npos) return line;
  return line + " of " + *path;
}

void TableReader::wrong(const toml::node& node, const std::string& key,
                        const std::string& expected) const {
  throw std::runtime_error(where_ + ": " + line_of(node) + ": '" + key + "' is not " + expected);
}

template <>
double TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto value = node.value<double>();
  if (!value) wrong(node, key, "a number");
  return *value;
}
template <>
float TableReader::convert(const toml::node& node, const std::string& key) const {
  return static_cast<float>(convert<double>(node, key));
}
template <>
int TableReader::convert(const toml::node& node, const std::string& key) const {
  if (!node.is_integer()) wrong(node, key, "a whole number");
  return static_cast<int>(*node.value<std::int64_t>());
}
template <>
bool TableReader::convert(const toml::node& node, const std::string& key) const {
  if (!node.is_boolean()) wrong(node, key, "true or false");
  return *node.value<bool>();
}
template <>
std::string TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto value = node.value<std::string>();
  if (!value) wrong(node, key, "a text");
  return *value;
}
template <>
std::vector<float> TableReader::convert(const toml::node& node, const std::string& key) const {
  const auto* array = node.as_array();
  if (array == nullptr) wrong(node, key, "a list of numbers");
  std::vector<float> values;
  for (const auto& element : *array) values.push_back(convert<float>(element, key));
  return values;
}
template <>
std::vector<std::string> TableReader::convert(const toml::node& node,
                                              const std::string& key) const {
  const auto* array = node.as_array();
  if (array == nullptr) wrong(node, key, "a list of texts");
  std::vector<std::string> values;
  for (const auto& element : *array) values.push_back(convert<std::string>(element, key));
  return values;
}

const toml::table* TableReader::table(const std::string& key) {
  read_.insert(key);
  const auto* node = table_->get(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) wrong(*node, key, "a table");
  return node->as_table();
}

std::vector<const toml::table*> TableReader::tables(const std::string& key) {
  read_.insert(key);
  std::vector<const toml::table*> found;
  const auto* node = table_->get(key);
  if (node == nullptr) return found;
  if (!node->is_array()) wrong(*node, key, "a list of tables");
  for (const auto& element : *node->as_array()) {
    if (!element.is_table()) wrong(element, key, "a list of tables");
    found.push_back(element.as_table());
  }
  return found;
}

void TableReader::finish() const {
  for (const auto& [key, node] : *table_) {
    if (read_.count(std::string(key.str())) == 0) {
      throw std::runtime_error(where_ + ": " + line_of(node) + ": unknown setting '" +
                               std::string(key.str()) + "'");
    }
  }
}

namespace {

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
  if (!std::filesystem::exists(path)) throw std::runtime_error(path.string() + ": does not exist");
  try {
    return toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    throw std::runtime_error(path.string() + ":" + std::to_string(error.source().begin.line) +
                             ": " + std::string(error.description()));
  }
}

// The recipe it builds on, if any, with its own networks added, its own stages after the others
// and its own settings in the others' place. Moved, not copied: copies forget their lines.
toml::table parse_on_base(const std::filesystem::path& path, int depth = 0) {
  constexpr int kDeepest = 8;
  toml::table own = parse(path);
  mark_stages(own);
  const auto base = own["base"].value<std::string>();
  if (!base) return own;
  if (depth == kDeepest) {
    throw std::runtime_error(path.string() + ": its 'base' leads back to itself");
  }
  toml::table whole = parse_on_base(path.parent_path() / *base, depth + 1);
  own.erase("base");
  auto* networks = whole["networks"].as_table();
  auto* stages = whole["stages"].as_array();
  for (auto&& [key, node] : own) {
    if (key == "networks" && node.is_table() && networks != nullptr) {
      for (auto&& [name, network] : *node.as_table()) {
        networks->insert_or_assign(name, std::move(network));
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
        throw std::runtime_error(file + ":" +
                                 std::to_string(stage->get("like")->source().begin.line) +
                                 ": no stage '" + *like + "' before this one, which is like it");
      }
      stage->erase("like");
      for (const auto& [key, value] : *model->second) {
        if (!stage->contains(key)) stage->insert(key, value);
      }
    }
    earlier[(*stage)["name"].value_or<std::string>("")] = stage;
  }
}

}  // namespace

Recipe Recipe::read(const std::filesystem::path& path, bool rehearse) {
  Recipe recipe;
  recipe.path_ = path;
  recipe.root_ = parse_on_base(path);
  complete_stages(recipe.root_, path.string());
  if (rehearse) shrink_to_rehearsal(recipe.root_);
  TableReader reader(recipe.root_, path.string());
  recipe.name_ = reader.require<std::string>("name");
  recipe.seed_ = static_cast<std::uint64_t>(reader.get<int>("seed", 1));
  for (const toml::table* table : reader.tables("stages")) {
    TableReader stage(*table, path.string());
    const auto stands_in = stage.get<std::string>(kStandsIn, recipe.name_);
    recipe.stages_.push_back({stage.require<std::string>("name"),
                              stage.require<std::string>("kind"),
                              rehearse ? rehearsal_name(stands_in) : stands_in, table});
  }
  if (recipe.stages_.empty()) throw std::runtime_error(path.string() + ": has no stages");
  for (auto& stage : *recipe.root_["stages"].as_array()) stage.as_table()->erase(kStandsIn);
  return recipe;
}

NetworkSpec Recipe::network(const std::string& name) const {
  const auto* node = root_.at_path("networks." + name).node();
  if (node == nullptr || !node->is_table()) {
    throw std::runtime_error(path_.string() + ": no table [networks." + name + "]");
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
      throw std::runtime_error(fields.where() + ": layer '" + layer.name + "' has unknown kind '" +
                               kind + "'");
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
  return network_spec_from_json(to_json(spec));  // the one place that validates
}

}  // namespace facet::detail
