// SPDX-License-Identifier: Apache-2.0
#include "facet/explain_report.hpp"
#include "report/photo_json.hpp"

namespace facet {

using namespace detail;

namespace {

Json links_json(const std::vector<AttributeLink>& links) {
  Json json = Json::array();
  for (const AttributeLink& link : links) {
    json.push_back({{"attribute", link.attribute}, {"correlation", decimal(link.correlation)}});
  }
  return json;
}

Json sparse_json(const SparseTerms& sparse) {
  Json json = {{"average_score", decimal(sparse.average_score)},
               {"score", decimal(sparse.score)},
               {"threshold_score", decimal(sparse.threshold_score)},
               {"probability", decimal(sparse.probability)},
               {"present", sparse.present},
               {"agrees", sparse.agrees},
               {"total_neurons", sparse.total_neurons}};
  Json& neurons = json["neurons"] = Json::array();
  for (const NeuronTerm& term : sparse.neurons) {
    Json one = {{"neuron", term.neuron}};
    if (!term.concept_name.empty()) one["concept"] = term.concept_name;
    one["goes_with"] = links_json(term.goes_with);
    one["response"] = decimal(term.response);
    one["weight"] = decimal(term.weight);
    one["contribution"] = decimal(term.contribution);
    neurons.push_back(std::move(one));
  }
  return json;
}

Json flip_json(const std::optional<std::vector<ConceptChange>>& flip) {
  if (!flip) return nullptr;
  Json json = Json::array();
  for (const ConceptChange& change : *flip) {
    json.push_back(
        {{"concept", change.name}, {"from", decimal(change.from)}, {"to", decimal(change.to)}});
  }
  return json;
}

Json region_json(const RegionMap& region) {
  Json json = {{"side", region.side}};
  Json& values = json["values"] = Json::array();
  for (const float value : region.values) values.push_back(decimal(value));
  if (!region.place.empty()) {
    json["place"] = region.place;
    json["place_share"] = decimal(region.place_share);
  }
  return json;
}

Json attribute_json(const AttributeExplanation& one) {
  Json json = {{"name", one.name},
               {"probability", decimal(one.probability)},
               {"threshold", decimal(one.threshold)},
               {"present", one.present},
               {"unsure", one.unsure},
               {"score", decimal(one.score)},
               {"threshold_score", decimal(one.threshold_score)},
               {"average_score", decimal(one.average_score)}};
  Json& concepts = json["concepts"] = Json::array();
  for (const ConceptTerm& term : one.concepts) {
    concepts.push_back({{"concept", term.name},
                        {"neurons", term.neurons},
                        {"contribution", decimal(term.contribution)},
                        {"response", decimal(term.response)},
                        {"leading_neuron", term.leading_neuron}});
  }
  json["rest"] = decimal(one.rest);
  json["sparse"] = sparse_json(one.sparse);
  json["flip"] = flip_json(one.flip);
  if (one.region.side > 0) json["region"] = region_json(one.region);
  return json;
}

Json explained_photo_json(const PhotoExplanation& explanation) {
  Json json = photo_json(explanation.photo);
  for (std::size_t i = 0; i < explanation.faces.size(); ++i) {
    Json& face = json["faces"][i];
    const FaceExplanation& explained = explanation.faces[i];
    face["sentence"] = labels_sentence(explanation.photo.faces[i]);
    face["square"] = {{"centre_x", decimal(explained.square.centre_x)},
                      {"centre_y", decimal(explained.square.centre_y)},
                      {"side", decimal(explained.square.side)},
                      {"angle", decimal(explained.square.angle)}};
    Json& attributes = face["explanations"] = Json::array();
    for (const AttributeExplanation& one : explained.attributes) {
      attributes.push_back(attribute_json(one));
    }
  }
  return json;
}

}  // namespace

std::string explanation_to_json(const PhotoExplanation& explanation) {
  return dump(explained_photo_json(explanation));
}

std::string explanations_to_json(std::span<const PhotoExplanation> explanations,
                                 const ReportContext& context) {
  std::string text = report_head(context);
  for (std::size_t i = 0; i < explanations.size(); ++i) {
    text += (i == 0 ? "\n" : ",\n") + explanation_to_json(explanations[i]);
  }
  return text + (explanations.empty() ? "]}\n" : "\n]}\n");
}

}  // namespace facet
