// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/number_text.hpp"
#include "base/printable_text.hpp"
#include "facet/explain_report.hpp"
#include "report/attribute_words.hpp"

namespace facet {

using namespace detail;

namespace {

constexpr float kUnsure = 0.1F;           // from the threshold
constexpr std::size_t kMostConcepts = 5;  // shown; the others are summed up
constexpr std::size_t kMostNeurons = 4;

// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string signed_text(float value) {
  const std::string text = fixed_text(value, 2);
  if (text == "-0.00") return "+0.00";
  return value >= 0 ? "+" + text : text;
}

std::string score_text(float value) {
  const std::string text = fixed_text(value, 2);
  return text == "-0.00" ? "0.00" : text;
}

std::string percent_text(float share) {
  return std::to_string(std::lround(100 * share)) + " %";
}

std::string neurons_text(int count) {
  return std::to_string(count) + (count == 1 ? " neuron" : " neurons");
}

std::string links_text(const std::vector<AttributeLink>& links) {
  if (links.empty()) return "goes with no attribute";
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, links.size()); ++i) {
    text += (i == 0 ? "goes with " : ", ") +
            concept_phrase((links[i].correlation < 0 ? "not " : "") + links[i].attribute) + ' ' +
            fixed_text(std::abs(links[i].correlation), 2);
  }
  return text;
}

std::string flip_text(const AttributeExplanation& one) {
  if (!one.flip) return "no change of its concepts that real faces show would turn it";
  std::vector<std::string> changes;
  for (const ConceptChange& change : *one.flip) {
    changes.push_back("what “" + concept_phrase(change.name) + "” adds went from " +
                      signed_text(change.from) + " to " + signed_text(change.to));
  }
  return "it would turn if " + listed(changes);
}

std::string attribute_text(const AttributeExplanation& one) {
  std::string text = attribute_phrase(one.name) + " (" + one.name +
                     "): " + (one.present ? "yes" : "no") + (one.unsure ? ", but unsure" : "") +
                     "; probability " + fixed_text(one.probability, 2) + ", holds from " +
                     fixed_text(one.threshold, 2) + '\n';
  text += "  score " + score_text(one.score) + ", holds from " + score_text(one.threshold_score) +
          ":\n";
  const auto line = [&](float value, const std::string& what) {
    const std::string number = signed_text(value);
    text +=
        std::string(number.size() < 8 ? 8 - number.size() : 0, ' ') + number + "  " + what + '\n';
  };
  line(one.average_score, "the average face");
  float others = one.rest;
  int other_concepts = 0;
  for (std::size_t i = 0; i < one.concepts.size(); ++i) {
    const ConceptTerm& term = one.concepts[i];
    if (i < kMostConcepts) {
      line(term.contribution,
           more_or_less(term.name, term.response) + " (" + neurons_text(term.neurons) + ')');
    } else {
      others += term.contribution;
      ++other_concepts;
    }
  }
  line(others, "the rest (" + std::to_string(other_concepts) +
                   " other concepts, and neurons that go with no attribute)");
  if (!one.region.place.empty()) {
    text += "  where: " + one.region.place + ", " + percent_text(one.region.place_share) +
            " of what speaks " + (one.present ? "for" : "against") + " it\n";
  }
  text += "  " + std::to_string(one.sparse.neurons.size()) + " of " +
          neurons_text(one.sparse.total_neurons) + " alone say " +
          (one.sparse.present ? "yes" : "no") + (one.sparse.agrees ? ", too" : ": they differ") +
          "; most:\n";
  for (std::size_t i = 0; i < std::min(kMostNeurons, one.sparse.neurons.size()); ++i) {
    const NeuronTerm& term = one.sparse.neurons[i];
    line(term.contribution, "neuron " + std::to_string(term.neuron) + ", which " +
                                links_text(term.goes_with) + ", at " + signed_text(term.response));
  }
  return text + "  " + flip_text(one) + '\n';
}

}  // namespace

std::string labels_sentence(const Face& face) {
  std::vector<std::string> is;
  std::vector<std::string> has;
  std::vector<std::string> wears;
  std::vector<std::string> lacks;
  std::vector<std::string> unsure;
  for (const Attribute& attribute : face.attributes) {
    const AttributeWords words = attribute_words(attribute.name);
    if (std::abs(attribute.probability - attribute.threshold) < kUnsure) {
      unsure.push_back(attribute_phrase(attribute.name));
    }
    if (!attribute.present) continue;
    (words.kind == WordKind::is      ? is
     : words.kind == WordKind::has   ? has
     : words.kind == WordKind::wears ? wears
                                     : lacks)
        .push_back(words.words);
  }
  std::vector<std::string> parts = is;
  if (!has.empty()) parts.push_back("with " + listed(has));
  if (!wears.empty()) parts.push_back("wearing " + listed(wears));
  if (!lacks.empty()) parts.push_back("without " + listed(lacks));
  std::string text = "labelled as: ";
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : ", ") + parts[i];
  if (parts.empty()) text += "nothing";
  if (!unsure.empty()) text += "; unsure about " + listed(unsure);
  return text;
}

std::string explanation_to_text(const PhotoExplanation& explanation) {
  const PhotoResult& photo = explanation.photo;
  std::string text;
  const std::string path = printable_text(photo.path);
  if (photo.status == PhotoStatus::unreadable) {
    return path + ": unreadable: " + printable_text(photo.reason) + '\n';
  }
  if (photo.faces.empty()) return path + ": no face\n";
  for (std::size_t i = 0; i < explanation.faces.size(); ++i) {
    if (i > 0) text += '\n';
    const Face& face = photo.faces[i];
    const auto whole = [](float value) { return std::to_string(std::lround(value)); };
    text += path + ", face " + std::to_string(i + 1) + " of " + std::to_string(photo.faces.size()) +
            " at " + whole(face.box.x) + ',' + whole(face.box.y) + ' ' + whole(face.box.width) +
            'x' + whole(face.box.height) + '\n';
    text += labels_sentence(face) + '\n';
    for (const AttributeExplanation& one : explanation.faces[i].attributes) {
      text += '\n' + attribute_text(one);
    }
  }
  return text;
}

}  // namespace facet
