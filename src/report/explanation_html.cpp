// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <vector>

#include "base/base64.hpp"
#include "base/html_text.hpp"
#include "base/number_text.hpp"
#include "base/path_text.hpp"
#include "facet/explain_report.hpp"
#include "image/encode.hpp"
#include "report/attribute_words.hpp"
#include "report/explanation_page.hpp"

namespace facet {

using namespace detail;

namespace {

constexpr std::size_t kMostConcepts = 8;
constexpr std::size_t kMostNeurons = 8;
constexpr int kFaceQuality = 85;

std::string signed_text(float value) {
  const std::string text = fixed_text(value, 2);
  return value >= 0 ? "+" + text : text == "-0.00" ? "+0.00" : "−" + text.substr(1);
}

std::string picture(const Image& image) {
  return "data:image/jpeg;base64," + base64_text(encode_jpeg(image, kFaceQuality));
}

std::string face_of(int neuron, std::set<int>& used) {
  if (neuron < 0) return {};
  used.insert(neuron);
  return "<span class=\"face n" + std::to_string(neuron) +
         "\" role=\"img\" aria-label=\"mean face of neuron " + std::to_string(neuron) +
         "\"></span>";
}

std::string bar(float value, float most) {
  const float share = most > 0 ? std::min(1.0F, std::abs(value) / most) : 0;
  const std::string width = fixed_text(50 * share, 1);
  const std::string left = fixed_text(value >= 0 ? 50 : 50 - 50 * share, 1);
  return "<td class=\"bar\"><i class=\"" + std::string(value >= 0 ? "for" : "against") +
         "\" style=\"width:" + width + "%;margin-left:" + left + "%\"></i></td>";
}

std::string row(const std::string& face, const std::string& what, float value, float most) {
  return "<tr><td>" + face + "</td><td>" + what + "</td><td class=\"number\">" +
         signed_text(value) + "</td>" + bar(value, most) + "</tr>\n";
}

std::string sum_row(const std::string& what, float value) {
  return "<tr class=\"sum\"><td></td><td>" + what + "</td><td class=\"number\">" +
         signed_text(value) + "</td><td></td></tr>\n";
}

std::string neurons_text(int count) {
  return std::to_string(count) + (count == 1 ? " neuron" : " neurons");
}

float largest_term(const AttributeExplanation& one) {
  float most = std::max(std::abs(one.average_score), std::abs(one.rest));
  for (const ConceptTerm& term : one.concepts) most = std::max(most, std::abs(term.contribution));
  return most;
}

std::string contributions(const AttributeExplanation& one, std::set<int>& used) {
  const float most = largest_term(one);
  std::string html =
      "<h3>What adds up to the score</h3>\n<table>\n" +
      row("<span class=\"face all\" role=\"img\" aria-label=\"average face\"></span>",
          "the average face", one.average_score, most);
  float others = one.rest;
  for (std::size_t i = 0; i < one.concepts.size(); ++i) {
    const ConceptTerm& term = one.concepts[i];
    if (i >= kMostConcepts) {
      others += term.contribution;
      continue;
    }
    html += row(face_of(term.leading_neuron, used),
                html_escaped(more_or_less(term.name, term.response)) + " <small>" +
                    neurons_text(term.neurons) + "</small>",
                term.contribution, most);
  }
  html += row("", "all others", others, most);
  html += sum_row("score", one.score);
  return html + "</table>\n<p class=\"faint\">It holds from a score of " +
         signed_text(one.threshold_score) +
         " on. A concept is a group of neurons that go with one attribute; the picture is the mean "
         "face of the people at whom its leading neuron responds most.</p>\n";
}

std::string links_text(const NeuronTerm& term) {
  if (term.goes_with.empty()) return "goes with no attribute";
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(4, term.goes_with.size()); ++i) {
    const AttributeLink& link = term.goes_with[i];
    text += (i == 0 ? "" : ", ") +
            html_escaped(concept_phrase((link.correlation < 0 ? "not " : "") + link.attribute)) +
            " <small>" + fixed_text(std::abs(link.correlation), 2) + "</small>";
  }
  return text;
}

std::string few_neurons(const AttributeExplanation& one, std::set<int>& used) {
  const SparseTerms& sparse = one.sparse;
  float most = std::abs(sparse.average_score);
  for (const NeuronTerm& term : sparse.neurons) most = std::max(most, std::abs(term.contribution));
  std::string html = "<h3>The same from few neurons</h3>\n<p>" +
                     std::to_string(sparse.neurons.size()) + " of " +
                     std::to_string(sparse.total_neurons) + " neurons alone say <b>" +
                     (sparse.present ? "yes" : "no") + "</b>" +
                     (sparse.agrees ? ", as all do." : ": here they differ from all.") +
                     "</p>\n<table>\n" + row("", "the average face", sparse.average_score, most);
  float others = 0;
  for (std::size_t i = 0; i < sparse.neurons.size(); ++i) {
    const NeuronTerm& term = sparse.neurons[i];
    if (i >= kMostNeurons) {
      others += term.contribution;
      continue;
    }
    html += row(face_of(term.neuron, used),
                links_text(term) + "<br><small>neuron " + std::to_string(term.neuron) + ", " +
                    signed_text(term.response) + " standard deviations</small>",
                term.contribution, most);
  }
  if (sparse.neurons.size() > kMostNeurons) html += row("", "its other neurons", others, most);
  return html + sum_row("score", sparse.score) + "</table>\n<p class=\"faint\">It holds from " +
         signed_text(sparse.threshold_score) + " on.</p>\n";
}

std::string flip_text(const AttributeExplanation& one) {
  std::string html = "<h3>What would turn the answer</h3>\n<p>";
  if (!one.flip) return html + "No change of its concepts that real faces show.</p>\n";
  for (std::size_t i = 0; i < one.flip->size(); ++i) {
    const ConceptChange& change = (*one.flip)[i];
    html += (i == 0                      ? "If "
             : i + 1 == one.flip->size() ? " and "
                                         : ", ") +
            std::string("what <b>") + html_escaped(concept_phrase(change.name)) +
            "</b> adds went from " + signed_text(change.from) + " to " + signed_text(change.to);
  }
  return html + ".</p>\n";
}

std::string region_text(const AttributeExplanation& one) {
  if (one.region.place.empty()) return {};
  return "<p>" + std::to_string(std::lround(100 * one.region.place_share)) + " % of what speaks " +
         (one.present ? "for" : "against") + " it lies at <b>" + html_escaped(one.region.place) +
         "</b>.</p>\n";
}

// The largest concepts on the side of the answer, at most two, largest first.
std::vector<const ConceptTerm*> deciding(const AttributeExplanation& one) {
  std::vector<const ConceptTerm*> terms;
  for (const ConceptTerm& term : one.concepts) {
    if ((term.contribution > 0) == one.present && term.contribution != 0) terms.push_back(&term);
  }
  std::stable_sort(terms.begin(), terms.end(), [](const ConceptTerm* a, const ConceptTerm* b) {
    return std::abs(a->contribution) > std::abs(b->contribution);
  });
  if (terms.size() > 2) terms.resize(2);
  // A second reason is one only beside a first of its size.
  if (terms.size() == 2 &&
      2 * std::abs(terms[1]->contribution) < std::abs(terms[0]->contribution)) {
    terms.pop_back();
  }
  return terms;
}

// One sentence before any number: what decided, seen from the average face.
std::string why_text(const AttributeExplanation& one) {
  const char* answer = one.present ? "yes" : "no";
  const bool average = one.average_score >= one.threshold_score;
  std::string html = "<p class=\"why\">The average face ";
  html += average == one.present
              ? "would already get a <b>" + std::string(answer) + "</b>."
              : std::string("would get a <b>") + (average ? "yes" : "no") + "</b>.";
  std::string terms;
  for (const ConceptTerm* term : deciding(one)) {
    terms += (terms.empty() ? "" : " and ") + std::string("<b>") +
             html_escaped(more_or_less(term->name, term->response)) + "</b> (" +
             signed_text(term->contribution) + ")";
  }
  if (!terms.empty()) {
    html += average == one.present ? " What adds most to it here: "
                                   : std::string(" This one gets a <b>") + answer +
                                         "</b> mostly because the network sees ";
    html += terms + ".";
  }
  return html + "</p>\n";
}

std::string attribute_html(const AttributeExplanation& one, const Image& view,
                           const std::string& id, bool open, std::set<int>& used) {
  std::string html = std::string("<details") + (open ? " open" : "") + "><summary>" +
                     html_escaped(attribute_phrase(one.name)) + ": " +
                     (one.present ? "yes" : "no") + " <span>probability " +
                     fixed_text(one.probability, 2) + (one.unsure ? ", unsure" : "") +
                     "</span></summary>\n" + why_text(one) + "<div class=\"body\"><div>";
  if (!view.empty()) {
    html += "<div class=\"view\"><img alt=\"the face as the network sees it\" src=\"" +
            picture(view) + "\">";
    if (one.region.side > 0) {
      std::string values;
      for (const float value : one.region.values) {
        values += (values.empty() ? "" : ",") + fixed_text(value, 4);
      }
      const std::string side = std::to_string(one.region.side);
      html += "<canvas width=\"" + side + "\" height=\"" + side + "\" data-side=\"" + side +
              "\" data-map=\"" + values + "\"></canvas>";
    }
    html += "</div>\n";
  }
  html += region_text(one);
  html += "<p><label for=\"" + id + "\">Threshold</label><input type=\"range\" id=\"" + id +
          "\" min=\"0\" max=\"1\" step=\"0.01\" value=\"" + fixed_text(one.threshold, 2) +
          "\" data-probability=\"" + fixed_text(one.probability, 4) +
          "\"><span class=\"answer\" id=\"" + id + "-answer\">" + (one.present ? "yes" : "no") +
          " from " + fixed_text(one.threshold, 2) + " on, the model's own threshold</span></p>\n";
  html += flip_text(one) + "</div><div>" + contributions(one, used) + few_neurons(one, used);
  return html + "</div></div></details>\n";
}

std::string photo_html(const PhotoExplanation& explanation, std::size_t number,
                       std::set<int>& used) {
  const PhotoResult& photo = explanation.photo;
  std::string html = "<h2>" + html_escaped(path_text(photo.path).text) + "</h2>\n";
  if (photo.status == PhotoStatus::unreadable) {
    return html + "<p>unreadable: " + html_escaped(photo.reason) + "</p>\n";
  }
  if (photo.faces.empty()) return html + "<p>no face</p>\n";
  for (std::size_t i = 0; i < explanation.faces.size(); ++i) {
    const FaceExplanation& face = explanation.faces[i];
    html += "<section>\n<p><b>Face " + std::to_string(i + 1) + ":</b> " +
            html_escaped(labels_sentence(photo.faces[i])) + ".</p>\n";
    for (std::size_t k = 0; k < face.attributes.size(); ++k) {
      const std::string id =
          "a" + std::to_string(number) + '-' + std::to_string(i) + '-' + std::to_string(k);
      html += attribute_html(face.attributes[k], face.view, id, k == 0, used);
    }
    html += "</section>\n";
  }
  return html;
}

}  // namespace

std::string explanations_to_html(std::span<const PhotoExplanation> explanations,
                                 const ReportContext& context, const Concepts& concepts) {
  std::set<int> used;
  std::string body;
  for (std::size_t i = 0; i < explanations.size(); ++i) {
    body += photo_html(explanations[i], i, used);
  }
  std::string faces = ".all{background-image:url(" + picture(concepts.average_face()) + ")}\n";
  for (const int neuron : used) {
    faces += ".n" + std::to_string(neuron) + "{background-image:url(" +
             picture(concepts.neuron_face(neuron)) + ")}\n";
  }
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src "
         "data:; "
         "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
         "<title>Why facet said so</title>\n<style>" +
         std::string(kExplanationStyle) + faces + "</style></head><body>\n<h1>Why " +
         html_escaped(context.model) +
         " said so</h1>\n<p class=\"faint\">Labels are what people ticked "
         "when they looked at photos; they are not truths about a person. This page says which "
         "parts of the model decided.</p>\n<p>How to read it: for each label the model adds up a "
         "score. It begins with what an average face gets. Each line adds, or takes off, for what "
         "this face shows <b>more</b> or <b>less</b> of than that face. From the threshold on the "
         "sum is a yes. “bangs” in quotes is what some neurons <i>go with</i> on many photos: a "
         "name, no proof that they see just that.</p>\n<p><label><input type=\"checkbox\" "
         "id=\"show-map\" "
         "checked> show where on the face: <span style=\"color:var(--for)\">for</span>, <span "
         "style=\"color:var(--against)\">against</span></label></p>\n" +
         body + "<script>" + std::string(kExplanationScript) + "</script>\n</body></html>\n";
}

}  // namespace facet
