// SPDX-License-Identifier: Apache-2.0
#include "facet/model.hpp"

#include <cstdlib>
#include <utility>

#include "facet/error.hpp"
#include "format/strict_json.hpp"
#include "model/model_info.hpp"
#include "model/model_parts.hpp"

namespace facet {

using namespace detail;

Model::Model(std::unique_ptr<const detail::ModelParts> parts) : parts_(std::move(parts)) {
}

std::shared_ptr<const Model> Model::load(const std::filesystem::path& path) {
  auto parts = std::make_unique<const detail::ModelParts>(detail::read_model_parts(path));
  return std::make_shared<const Model>(Model(std::move(parts)));
}

std::filesystem::path Model::find_default() {
  namespace fs = std::filesystem;
  std::error_code error;
  if (const char* named = std::getenv("FACET_MODEL"); named != nullptr && *named != '\0') {
    if (fs::exists(named, error)) return named;
    throw Error(ErrorCode::not_found,
                std::string("no model: FACET_MODEL names ") + named + ", which does not exist");
  }
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  const fs::path above = executable.parent_path().parent_path();
  std::string tried;
  for (const char* name : {"best.safetensors", "paper.safetensors"}) {
    for (const fs::path& folder : {above / "models", above / "share" / "facet" / "models"}) {
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

nlohmann::json Model::info() const {
  return detail::describe_model(*parts_);
}

}  // namespace facet
