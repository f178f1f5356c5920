// SPDX-License-Identifier: Apache-2.0
// Files of what a model's neurons stand for: refused with a reason, or read, and written as what
// reads as the same. What fits a model explains its answers in numbers that add up.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "apps/small_model.hpp"
#include "explain/concept_access.hpp"
#include "facet/explain.hpp"
#include "facet/explain_report.hpp"
#include "facet/report.hpp"
#include "heads/taught_head_match.hpp"
#include "localise/blob_model.hpp"
#include "model/model_access.hpp"
#include "model/temporary_folder.hpp"
#include "oracle.hpp"
#include "packed_file.hpp"

namespace {

using namespace facet;
using namespace facet::fuzz;
using detail::ConceptParts;

// What is explained, made once.
struct Explained {
  detail::TemporaryFolder folder;
  std::shared_ptr<const Model> model;
  Image photo = detail::testing::flat_photo(56, 44, 60);
  Explained() {
    detail::write_explained_model(folder / "model.safetensors");
    model = Model::load(folder / "model.safetensors");
    detail::testing::draw_blob(photo, 26, 22, 30);
  }
};

const Explained& explained() {
  static const Explained made;
  return made;
}

// All but the faces, which are a JPEG and lose a little every time.
void expect_same(const ConceptParts& a, const ConceptParts& b) {
  expect(a.model_name == b.model_name && a.model_version == b.model_version);
  expect(a.anet_checksum == b.anet_checksum && a.feature_layer == b.feature_layer);
  expect(a.attributes == b.attributes && a.provenance == b.provenance);
  expect(a.correlation == b.correlation && a.mean == b.mean && a.deviation == b.deviation);
  expect(a.map_side == b.map_side && a.mean_map == b.mean_map && a.face_side == b.face_side);
  expect(a.faces.width == b.faces.width && a.faces.height == b.faces.height);
  expect(a.heads.size() == b.heads.size());
  for (const auto& [name, head] : a.heads) {
    const detail::HeadConcepts& other = b.heads.at(name);
    expect(head.checksum == other.checksum && head.sparse_weight == other.sparse_weight);
    expect(head.sparse_bias == other.sparse_bias && head.sparse_a == other.sparse_a);
    expect(head.sparse_b == other.sparse_b && head.concept_low == other.concept_low);
    expect(head.concept_high == other.concept_high);
  }
}

void write_again(const ConceptParts& parts) {
  const auto file = explained().folder / "written.explain";
  ConceptParts rounded;  // to half precision, which files have
  if (!succeeds([&] {
        detail::write_concepts(file, parts);
        rounded = detail::read_concepts(file);
      })) {
    return;
  }
  detail::write_concepts(file, rounded);
  expect_same(rounded, detail::read_concepts(file));
}

// As somebody who means it would have said that they are this model's.
ConceptParts fitted(ConceptParts parts) {
  const detail::ModelParts& model = detail::parts_of(*explained().model);
  parts.anet_checksum = detail::describer_checksum(model);
  for (auto& [name, head] : parts.heads) {
    const auto known = model.heads.find(name);
    if (known != model.heads.end()) head.checksum = detail::head_checksum(known->second);
  }
  return parts;
}

void check(const AttributeExplanation& one) {
  expect(one.probability >= 0 && one.probability <= 1);
  double sum = static_cast<double>(one.average_score) + one.rest;
  double largest = std::abs(one.average_score) + std::abs(one.rest);
  for (const ConceptTerm& term : one.concepts) {
    sum += term.contribution;
    largest += std::abs(term.contribution);
    expect(std::isfinite(term.response));
    expect(term.leading_neuron >= 0 && term.neurons > 0);
  }
  expect(std::abs(sum - one.score) <= 1e-3 + 1e-5 * largest);
  const SparseTerms& sparse = one.sparse;
  expect(sparse.probability >= 0 && sparse.probability <= 1);
  double few = sparse.average_score;
  double most = std::abs(sparse.average_score);
  for (const NeuronTerm& term : sparse.neurons) {
    few += term.contribution;
    most += std::abs(term.contribution);
    expect(std::isfinite(term.response));
    for (const AttributeLink& link : term.goes_with) expect(std::abs(link.correlation) <= 1.01F);
  }
  expect(std::abs(few - sparse.score) <= 1e-3 + 1e-5 * most);
  for (const float value : one.region.values) expect(std::isfinite(value));
}

void explain(const std::shared_ptr<const Concepts>& concepts) {
  Explainer explainer(explained().model, concepts, 1, Precision::fp32);
  ExplainOptions options;
  options.view_side = 16;
  options.predict.locate.dominant = true;
  options.predict.locate.turns = Turns::none;
  options.attributes = explained().model->attribute_names("celeba");
  options.attributes.resize(3);
  const PhotoExplanation explanation = explainer.explain(explained().photo, options);
  expect(explanation.faces.size() == 1);
  for (const AttributeExplanation& one : explanation.faces[0].attributes) check(one);
  expect(nlohmann::json::parse(explanation_to_json(explanation), nullptr, false).is_object());
  const ReportContext context =
      report_context(*explained().model, "celeba", ThresholdMode::accuracy, Precision::fp32);
  expect(explanations_to_html({&explanation, 1}, context, *concepts).starts_with("<!DOCTYPE"));
  expect(!explanation_to_text(explanation).empty());
}

void load(std::string_view file) {
  const auto path = explained().folder / "read.explain";
  detail::write_all(path, std::string(file));
  std::shared_ptr<const Concepts> concepts;
  if (!succeeds([&] { concepts = Concepts::load(path); })) return;
  expect(nlohmann::json::parse(concepts->info_json(), nullptr, false).is_object());
  expect(concepts->average_face().width == concepts->neuron_face(0).width);
  const ConceptParts& parts = detail::parts_of(*concepts);
  write_again(parts);
  succeeds([&] { explain(detail::ConceptAccess::make(fitted(parts))); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  load(text);
  // Faces, then the parts of all such files.
  const std::size_t end = text.find('\0');
  if (end == std::string_view::npos) return 0;
  const auto file = packed_file(text.substr(end + 1), "facet-concepts",
                                {{"faces", std::string(text.substr(0, end))}});
  if (file) load({reinterpret_cast<const char*>(file->data()), file->size()});
  return 0;
}
