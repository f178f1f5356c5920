// SPDX-License-Identifier: Apache-2.0
#include "facet/model.hpp"

#include <cstdlib>
#include <utility>

#include "base/error_boundary.hpp"
#include "base/plugin_file.hpp"
#include "facet/error.hpp"
#include "format/strict_json.hpp"
#include "model/model_access.hpp"
#include "model/model_info.hpp"
#include "model/model_parts.hpp"

namespace facet {

using namespace detail;

Model::Model(std::shared_ptr<const detail::ModelParts> parts) : parts_(std::move(parts)) {
}

std::shared_ptr<const Model> Model::load(const std::filesystem::path& path) {
  return detail::with_own_errors(
      [&] { return detail::ModelAccess::make(detail::read_model_parts(path)); });
}

std::shared_ptr<const Model> Model::load(std::span<const std::byte> bytes,
                                         const std::string& name) {
  return detail::with_own_errors(
      [&] { return detail::ModelAccess::make(detail::parse_model_parts(bytes, name)); });
}

std::shared_ptr<const Model> Model::load_default() {
  return load(find_default());
}

std::filesystem::path Model::find_default() {
  namespace fs = std::filesystem;
  std::error_code error;
  if (const char* named = std::getenv("FACET_MODEL"); named != nullptr && *named != '\0') {
    if (fs::exists(named, error)) return named;
    throw Error(ErrorCode::not_found,
                std::string("no model: FACET_MODEL names ") + named + ", which does not exist");
  }
  const fs::path above = detail::own_file().parent_path().parent_path();
  std::string tried;
  for (const char* name : {"best.safetensors", "paper.safetensors"}) {
    // A library may lie one level deeper: lib/x86_64-linux-gnu.
    for (const fs::path& folder : {above / "models", above / "share" / "facet" / "models",
                                   above.parent_path() / "share" / "facet" / "models"}) {
      if (fs::exists(folder / name, error)) return folder / name;
      tried += (tried.empty() ? "" : ", ") + (folder / name).string();
    }
  }
  throw Error(ErrorCode::not_found,
              "no model: FACET_MODEL is not set, and there is none of " + tried);
}

const std::string& Model::name() const {
  return parts_->name;
}
const std::string& Model::version() const {
  return parts_->version;
}
const std::string& Model::checksum() const {
  return parts_->checksum;
}
const std::string& Model::licence() const {
  return parts_->licence;
}

const std::vector<std::string>& Model::attribute_names(const std::string& head) const {
  if (const auto found = parts_->heads.find(head); found != parts_->heads.end()) {
    return found->second.attributes;
  }
  std::string known;
  for (const std::string& name : heads()) known += (known.empty() ? "" : ", ") + name;
  throw Error(ErrorCode::invalid_argument, "model " + name() + " has no head " +
                                               detail::in_quotes(head) + "; it has " +
                                               (known.empty() ? "none" : known));
}

std::vector<std::string> Model::heads() const {
  std::vector<std::string> names;
  for (const auto& [name, head] : parts_->heads) names.push_back(name);
  return names;
}

int Model::feature_size(const std::string& head) const {
  (void)attribute_names(head);  // says which heads there are
  const detail::Head& found = parts_->heads.at(head);
  return static_cast<int>(found.weight.size() / found.attributes.size());
}

std::string Model::info_json() const {
  return detail::describe_model(*parts_).dump(-1, ' ', false,
                                              nlohmann::json::error_handler_t::replace);
}

}  // namespace facet
