// SPDX-License-Identifier: Apache-2.0
// Figure 13: fewer photos to learn from; and what pre-training is worth, by rows of short training.
#include <array>
#include <cmath>

#include "evaluate/chart.hpp"
#include "evaluate/paper/compared_methods.hpp"
#include "evaluate/paper/sections.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-13";
constexpr std::array kTagPhotos = {1000, 3000, 10000, 20000};
constexpr std::array kSvmPhotos = {100, 300, 1000, 3000};
constexpr double kCost = 3;

struct Seeds {
  std::vector<AnswerCounts> counts;
  [[nodiscard]] double mean() const {
    double sum = 0;
    for (const AnswerCounts& one : counts) sum += one.average().accuracy;
    return sum / static_cast<double>(counts.size());
  }
  [[nodiscard]] double deviation() const {
    double sum = 0;
    for (const AnswerCounts& one : counts) sum += std::pow(one.average().accuracy - mean(), 2);
    return counts.size() > 1 ? std::sqrt(sum / static_cast<double>(counts.size() - 1)) : 0;
  }
};

Seeds seeds_of(PaperContext& context, const std::string& prefix, const std::string& set,
               ResultTable& table) {
  Seeds seeds;
  for (const char* seed : {"1", "2", "3"}) {
    const auto counts = stage_answers(context, prefix + seed, set);
    if (!counts) continue;
    table.rows.push_back({prefix + seed, set,
                          percent_text(interval_of(*counts, &AttributeScore::accuracy, set)),
                          percent_text(interval_of(*counts, &AttributeScore::balanced, set))});
    seeds.counts.push_back(*counts);
  }
  return seeds;
}

// Every n-th of the photos that fit, so that all people have a part.
std::vector<std::size_t> some_of(const std::vector<std::size_t>& photos, int count) {
  std::vector<std::size_t> some;
  for (const std::size_t i : spread_evenly(photos.size(), count)) some.push_back(photos[i]);
  return some;
}

// The SVMs alone, with fewer photos, on features as they are.
void add_svm_rows(PaperContext& context, Section& section) {
  if (!context.has_set("svm") || !context.has_set("wild")) return;
  const PaperSet& from = context.set("svm");
  const PaperSet& set = context.set("wild");
  Chart chart;
  chart.title = "Accuracy on CelebA (wild) by the photos that the SVMs learn from";
  chart.x = {"photos", 100, 10000, true, 1};
  chart.y = {"accuracy", 0.8, 0.92, false, 0.02};
  ReportTable table{"figure-13-svm.csv",
                    "SVMs fitted to fewer photos, features frozen: accuracy on CelebA (wild).",
                    {}};
  table.shown.columns = {"photos", "features", "accuracy", "balanced"};
  const auto add = [&](const std::string& name, const StoredRows& fit_rows,
                       const StoredRows& rows) {
    ChartCurve curve{name, {}};
    for (const int count : kSvmPhotos) {
      const auto photos = some_of(all_photos(from), count);
      if (photos.size() < static_cast<std::size_t>(count)) break;
      const AnswerCounts counts =
          answer(fit_planes(fit_rows, photos, from, kCost, context.options().threads), rows,
                 all_photos(set), set);
      curve.points.emplace_back(count, counts.average().accuracy);
      table.shown.rows.push_back(
          {std::to_string(count), name,
           percent_text(interval_of(counts, &AttributeScore::accuracy, "wild")),
           percent(counts.average().balanced)});
    }
    chart.curves.push_back(std::move(curve));
  };
  add("FC of paper", context.faces(context.paper(), "svm").features,
      context.faces(context.paper(), "wild").features);
  add("HOG", context.hand_made("svm").at("gradients"), context.hand_made("wild").at("gradients"));
  write_chart(context.options().out / "figure-13.svg", chart);
  write_csv(context.options().out / table.file, table.shown);
  section.figures.push_back({"figure-13.svg", "Few photos for the SVMs, features frozen."});
  section.tables.push_back(std::move(table));
}

}  // namespace

Section figure_13(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 13 and pre-training: what training is worth";
  const std::string command = "facet train recipes/paper_rows.toml --data DIR --out RUN, then " +
                              section_command(kName) + " --stages RUN";
  Claim identities{"Identities first: without them accuracy falls (w/o pre-training)",
                   "CelebA 87 to 83 %, LFWA 84 to 80 %",
                   "",
                   Verdict::untested,
                   "short training, the same steps for both; three seeds each",
                   command};
  Claim fewer{"Few training photos cost little",
              "1k, 3k, 10k photos: a small loss",
              "",
              Verdict::untested,
              "short training, as many steps for each",
              command};
  section.paragraphs = {
      "Rows of recipes/paper_rows.toml, trained for minutes, are compared with each other alone: "
      "linear SVMs on FC of a face's middle patch. Where the run lacks a stage its row is left "
      "out."};
  if (context.has_set("wild") && context.options().stages) {
    ReportTable rows{"figure-13-rows.csv",
                     "Networks of short training on CelebA (wild), percent.",
                     {{"stage", "set", "accuracy", "balanced"}, {}}};
    const Seeds with = seeds_of(context, "rows_anet_", "wild", rows.shown);
    const Seeds without = seeds_of(context, "rows_scratch_", "wild", rows.shown);
    if (!with.counts.empty() && !without.counts.empty()) {
      const Interval gain = interval_of_difference(with.counts.front(), without.counts.front(),
                                                   &AttributeScore::accuracy, "wild");
      identities.ours = "wild " + points_text(gain) + " in the first seed; mean of " +
                        std::to_string(with.counts.size()) + " and " +
                        std::to_string(without.counts.size()) + " seeds " +
                        fixed(100 * (with.mean() - without.mean()), 1) +
                        " points, seeds' deviation " + fixed(100 * with.deviation(), 2) + " and " +
                        fixed(100 * without.deviation(), 2);
      identities.verdict = gains(gain, 4);
    }
    std::string trail;
    double first = 0;
    double last = 0;
    for (const int count : kTagPhotos) {
      const std::string stage = "rows_photos_" + std::to_string(count);
      const auto counts = stage_answers(context, stage, "wild");
      if (!counts) continue;
      const Interval ours = interval_of(*counts, &AttributeScore::accuracy, "wild");
      rows.shown.rows.push_back(
          {stage, "wild", percent_text(ours),
           percent_text(interval_of(*counts, &AttributeScore::balanced, "wild"))});
      trail += (trail.empty() ? "" : ", ") + std::to_string(count) + ": " + percent(ours.value);
      if (first == 0) first = ours.value;
      last = ours.value;
    }
    if (last > first) {
      fewer.ours = trail + " %";
      fewer.verdict = last - first <= 0.03 ? Verdict::reproduced : Verdict::partly;
    }
    if (!rows.shown.rows.empty()) {
      write_csv(context.options().out / rows.file, rows.shown);
      section.tables.push_back(std::move(rows));
    }
  }
  add_svm_rows(context, section);
  section.claims = {identities, fewer};
  return section;
}

}  // namespace facet::detail
