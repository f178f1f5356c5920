// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "base/error_boundary.hpp"
#include "explain/concept_access.hpp"
#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "heads/taught_head_match.hpp"

namespace facet {

using namespace detail;

namespace {

Image face_at(const ConceptParts& parts, int place) {
  const int side = parts.face_side;
  Image face(side, side);
  const int left = place % kFaceColumns * side;
  const int top = place / kFaceColumns * side;
  for (int y = 0; y < side; ++y) {
    std::memcpy(face.row(y), parts.faces.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3,
                static_cast<std::size_t>(side) * 3);
  }
  return face;
}

}  // namespace

Concepts::Concepts(std::shared_ptr<const ConceptParts> parts) : parts_(std::move(parts)) {
}

std::shared_ptr<const Concepts> Concepts::load(const std::filesystem::path& path) {
  return with_own_errors([&] { return ConceptAccess::make(read_concepts(path)); });
}

std::filesystem::path Concepts::path_beside(const std::filesystem::path& model) {
  std::filesystem::path path = model;
  return path.replace_extension(".explain");
}

std::shared_ptr<const Concepts> Concepts::load_beside(const std::filesystem::path& model) {
  const std::filesystem::path path = path_beside(model);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(
        ErrorCode::not_found,
        model.string() + ": cannot be explained: what its neurons stand for is not known; " +
            path.filename().string() + " is missing beside it (facet model explain-fit makes it)");
  }
  return load(path);
}

int Concepts::neurons() const {
  return parts_->neurons();
}

Image Concepts::neuron_face(int neuron) const {
  if (neuron < 0 || neuron >= parts_->neurons()) {
    throw Error(ErrorCode::invalid_argument, "there is no neuron " + std::to_string(neuron) +
                                                 " among " + std::to_string(parts_->neurons()));
  }
  return face_at(*parts_, neuron);
}

Image Concepts::average_face() const {
  return face_at(*parts_, parts_->neurons());
}

std::string Concepts::info_json() const {
  nlohmann::json info = {{"model", parts_->model_name},
                         {"model_version", parts_->model_version},
                         {"neurons", parts_->neurons()},
                         {"concepts", concept_groups(*parts_).concepts.size()},
                         {"provenance", parts_->provenance}};
  return info.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

namespace detail {
namespace {

std::string title(const std::string& name, const std::string& version) {
  return version.empty() ? name : name + ' ' + version;
}

}  // namespace

void check_fit(const ConceptParts& concepts, const ModelParts& model) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ErrorCode::bad_model,
                "concepts of model " + title(concepts.model_name, concepts.model_version) +
                    " do not fit model " + title(model.name, model.version) + ": " + reason +
                    "; facet model explain-fit makes them anew");
  };
  if (concepts.anet_checksum != describer_checksum(model)) refuse("its ANet is another");
  for (const auto& [name, known] : concepts.heads) {
    const auto head = model.heads.find(name);
    if (head == model.heads.end() || head_checksum(head->second) != known.checksum) {
      refuse("its head " + name + " is another");
    }
    if (head->second.feature_layer != concepts.feature_layer ||
        known.sparse_bias.size() != head->second.attributes.size() ||
        head->second.weight.size() != known.sparse_weight.size()) {
      refuse("its head " + name + " has other sizes");
    }
  }
}

}  // namespace detail
}  // namespace facet
