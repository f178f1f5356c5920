// SPDX-License-Identifier: Apache-2.0
// Table 1: forty attributes, ours beside the paper's.
#include <array>
#include <cmath>

#include "evaluate/paper/compared_methods.hpp"
#include "evaluate/paper/interval_json.hpp"
#include "evaluate/paper/published_figures.hpp"
#include "evaluate/paper/sections.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr const char* kName = "table-1";
constexpr double AttributeScore::*kFigures[] = {&AttributeScore::accuracy,
                                                &AttributeScore::balanced, &AttributeScore::error,
                                                &AttributeScore::f1};

json models_key(PaperContext& context) {
  json sums = json::object();
  for (const PaperModel& model : context.models()) sums[model.name] = model.model->checksum();
  return sums;
}

// All figures of one method and set, as a step.
json figures_of(PaperContext& context, const ComparedMethod& method, const std::string& set) {
  json key = context.photos_key(set);
  key["models"] = models_key(context);
  if (!method.network.empty()) key["network"] = method.network;
  return context.store().result(std::string(kName) + '-' + set + '-' + method.name, key, [&] {
    const auto counts = method.answers(set);
    if (!counts) return json();
    json figures = {{"attributes", json::array()}};
    for (std::size_t k = 0; k < counts->attributes(); ++k) {
      const AttributeScore score = counts->score(k);
      json row = json::array();
      for (const auto figure : kFigures) row.push_back(score.*figure);
      figures["attributes"].push_back(row);
    }
    figures["accuracy"] = to_json(interval_of(*counts, &AttributeScore::accuracy, set));
    figures["balanced"] = to_json(interval_of(*counts, &AttributeScore::balanced, set));
    figures["error"] = counts->average().error;
    figures["f1"] = counts->average().f1;
    return figures;
  });
}

// Of the difference in average accuracy between two methods, as a step.
Interval difference(PaperContext& context, const std::string& a, const std::string& b,
                    const std::string& set) {
  json key = context.photos_key(set);
  key["models"] = models_key(context);
  return interval_from(context.store().result(
      std::string(kName) + "-difference-" + set + '-' + a + '-' + b, key, [&] {
        std::optional<AnswerCounts> first;
        std::optional<AnswerCounts> second;
        for (const ComparedMethod& method : compared_methods(context)) {
          if (method.name == a) first = method.answers(set);
          if (method.name == b) second = method.answers(set);
        }
        return to_json(
            interval_of_difference(first.value(), second.value(), &AttributeScore::accuracy, set));
      }));
}

struct Measured {
  std::string set;
  std::string method;
  int seed;
  json figures;
};

void write_attributes(PaperContext& context, const std::vector<Measured>& all) {
  ResultTable table;
  table.columns = {"set",   "method", "attribute", "accuracy", "balanced",
                   "error", "f1",     "photos",    "people"};
  for (const Measured& one : all) {
    const PaperSet& set = context.set(one.set);
    for (std::size_t k = 0; k < set.attributes(); ++k) {
      const json& row = one.figures.at("attributes").at(k);
      table.rows.push_back({one.set, one.method, set.photos.attribute_names[k], percent(row.at(0)),
                            percent(row.at(1)), percent(row.at(2)), percent(row.at(3)),
                            std::to_string(set.size()), std::to_string(set.people)});
    }
  }
  write_csv(context.options().out / "table-1.csv", table);
}

ReportTable averages(PaperContext& context, const std::vector<Measured>& all) {
  ReportTable report{"table-1-averages.csv",
                     "Averages over forty attributes, percent; 95 % intervals over people.",
                     {}};
  report.shown.columns = {"set",   "method", "accuracy", "balanced",
                          "error", "F1",     "photos",   "people"};
  std::string last;
  for (const Measured& one : all) {
    const PaperSet& set = context.set(one.set);
    if (one.set != last) {
      for (std::size_t m = 0; m < table1_methods().size(); ++m) {
        const int right = table1_percent(set.photos.labels, "Average", m);
        report.shown.rows.push_back({one.set, "the paper: " + table1_methods()[m],
                                     std::to_string(right), "", std::to_string(100 - right), "", "",
                                     ""});
      }
      last = one.set;
    }
    report.shown.rows.push_back(
        {one.set, one.method, percent_text(interval_from(one.figures.at("accuracy"))),
         percent_text(interval_from(one.figures.at("balanced"))), percent(one.figures.at("error")),
         percent(one.figures.at("f1")), std::to_string(set.size()), std::to_string(set.people)});
  }
  write_csv(context.options().out / report.file, report.shown);
  return report;
}

// Accuracy of forty attributes by every method, of one set.
ReportTable attribute_table(PaperContext& context, const std::string& name,
                            const std::vector<Measured>& all) {
  const PaperSet& set = context.set(name);
  ReportTable report{"table-1.csv",
                     "Accuracy on " + set.title + " (" + std::to_string(set.size()) +
                         " photos of " + std::to_string(set.people) + " people), percent.",
                     {}};
  report.shown.columns = {"attribute"};
  for (const std::string& method : table1_methods()) {
    report.shown.columns.push_back("paper: " + method);
  }
  // Further seeds are in the file.
  const auto shown = [&](const Measured& one) { return one.set == name && one.seed == 1; };
  for (const Measured& one : all) {
    if (shown(one)) report.shown.columns.push_back(one.method);
  }
  for (std::size_t k = 0; k < set.attributes(); ++k) {
    std::vector<std::string> row = {set.photos.attribute_names[k]};
    for (std::size_t m = 0; m < table1_methods().size(); ++m) {
      row.push_back(std::to_string(table1_percent(set.photos.labels, row.front(), m)));
    }
    for (const Measured& one : all) {
      if (shown(one)) row.push_back(percent(one.figures.at("attributes").at(k).at(0)));
    }
    report.shown.rows.push_back(std::move(row));
  }
  return report;
}

// How far another seed moves the average, beside how far other people do.
void add_seeds(PaperContext& context, Section& section) {
  ReportTable report{
      "table-1-seeds.csv",
      "Training's own variance: average accuracy of networks of short training, percent. A "
      "bootstrap over people does not show how far another seed moves it.",
      {{"set", "network", "seeds", "mean over seeds", "deviation over seeds",
        "95 % over people, first seed"},
       {}}};
  for (const std::string& set : measured_sets()) {
    if (!context.has_set(set)) continue;
    for (const auto& [prefix, name] : {std::pair(kIdentitiesFirst, "identities first"),
                                       std::pair(kFromNothing, "without identities")}) {
      const Seeds seeds = seeds_of(context, prefix, set);
      if (seeds.counts.size() < 2) continue;
      report.shown.rows.push_back(
          {set, name, std::to_string(seeds.counts.size()), percent(seeds.mean()),
           fixed(100 * seeds.deviation(), 2),
           percent_text(interval_of(seeds.counts.front(), &AttributeScore::accuracy, set))});
    }
  }
  if (report.shown.rows.empty()) return;
  write_csv(context.options().out / report.file, report.shown);
  section.tables.push_back(std::move(report));
}

const json* find(const std::vector<Measured>& all, const std::string& set,
                 const std::string& method) {
  for (const Measured& one : all) {
    if (one.set == set && one.method == method) return &one.figures;
  }
  return nullptr;
}

constexpr const char* kFewer =
    "64,000 training photos instead of 160,000; two CPU cores; networks a tenth as wide";
constexpr const char* kFewerLfwa = "the same networks; LFWA's training photos for the SVMs";

std::string photos_text(const PaperSet& set) {
  return "; measured on " + std::to_string(set.size()) + " photos of " +
         std::to_string(set.people) + " people of the test part";
}

Claim average_claim(PaperContext& context, const std::vector<Measured>& all, const std::string& set,
                    int percent, const char* differs) {
  Claim claim;
  const bool lfwa = set == "lfwa";
  claim.what = std::string("Average accuracy of forty attributes on ") + (lfwa ? "LFWA" : "CelebA");
  claim.paper = std::to_string(percent) + " %";
  claim.differs = differs;
  claim.command = section_command(kName);
  const json* paper = find(all, set, "paper");
  if (paper == nullptr) return claim;
  claim.differs += photos_text(context.set(set));
  const Interval ours = interval_from(paper->at("accuracy"));
  claim.ours = "paper " + percent_text(ours) + " %";
  for (const char* other : {"best", "fast"}) {
    if (const json* figures = find(all, set, other)) {
      claim.ours += std::string("; ") + other + ' ' +
                    percent_text(interval_from(figures->at("accuracy"))) + " %";
    }
  }
  claim.verdict = at_least(ours, percent);
  return claim;
}

Claim gain_claim(PaperContext& context, const std::vector<Measured>& all, const std::string& what,
                 const std::string& over, double celeba, double lfwa, const std::string& differs) {
  Claim claim{
      what,    "+" + fixed(celeba, 0) + " points on CelebA, +" + fixed(lfwa, 0) + " on LFWA",
      "",      Verdict::untested,
      differs, section_command(kName)};
  std::vector<Verdict> verdicts;
  for (const auto& [set, points] : {std::pair("wild", celeba), std::pair("lfwa", lfwa)}) {
    if (find(all, set, over) == nullptr) continue;
    const Interval gain = difference(context, "paper", over, set);
    claim.ours += (claim.ours.empty() ? "" : "; ") + std::string(set) + ' ' + points_text(gain);
    verdicts.push_back(gains(gain, points));
  }
  if (verdicts.empty()) return claim;
  claim.verdict = verdicts.front();
  for (const Verdict verdict : verdicts) {
    if (verdict != claim.verdict) claim.verdict = Verdict::partly;
  }
  return claim;
}

}  // namespace

Section table_1(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Table 1: forty attributes";
  section.paragraphs = {
      "Each photo as it is: LNet finds the face, no box is given. “Detector + ANet” describes the "
      "first box of an off-the-shelf detector (UltraFace) instead; “FaceTracer-like” is a linear "
      "SVM on gradients and colours of face regions, in the window of paper's LNet, fitted to the "
      "photos that paper's own SVMs are fitted to. “Always majority” says what is more frequent in "
      "the very set: read accuracy beside it, and beside balanced accuracy, the mean of the shares "
      "of right answers among faces with the attribute and among those without.",
      "The frames of people kept aside (“frames”) flatter a little: LNet's margin and threshold "
      "were chosen on them. No network, head or threshold has seen the people of the other sets."};
  if (context.stage(std::string(kIdentitiesFirst) + '1') != nullptr) {
    section.paragraphs.emplace_back(
        "“Short training” is recipes/paper_rows.toml: networks of paper's layers tuned with tags "
        "for minutes, with identities first and without, three seeds each. Their SVMs read FC of "
        "a face's middle patch alone. Compare them with each other, not with the other rows.");
  }
  std::vector<Measured> all;
  for (const std::string& set : measured_sets()) {
    if (!context.has_set(set)) continue;
    for (const ComparedMethod& method : compared_methods(context)) {
      json figures = figures_of(context, method, set);
      if (!figures.is_null()) all.push_back({set, method.name, method.seed, std::move(figures)});
    }
  }
  write_attributes(context, all);
  section.tables.push_back(averages(context, all));
  add_seeds(context, section);
  for (const std::string& set : measured_sets()) {
    if (context.has_set(set)) section.tables.push_back(attribute_table(context, set, all));
  }
  section.claims.push_back(average_claim(context, all, "wild", 87, kFewer));
  section.claims.push_back(average_claim(context, all, "lfwa", 84, kFewerLfwa));
  section.claims.push_back(gain_claim(
      context, all, "LNet's windows serve attributes better than an off-the-shelf detector's",
      "detector + ANet of paper", 4, 8,
      "the detector is of 2019 (UltraFace), not a SURF cascade of 2013, and finds nearly every "
      "face; "
      "ANet was tuned on LNet's windows in both"));
  section.claims.push_back(gain_claim(
      context, all, "Learnt features beat hand-made ones (FaceTracer)", "FaceTracer-like", 6, 10,
      "our own FaceTracer-like features, in LNet's windows; theirs had a detector's landmarks"));
  return section;
}

}  // namespace facet::detail
