// SPDX-License-Identifier: Apache-2.0
// Figure 13: fewer photos to learn from; and what pre-training is worth, by rows of short training.
#include <array>
#include <cmath>

#include "evaluate/chart.hpp"
#include "evaluate/paper/compared_methods.hpp"
#include "evaluate/paper/csv_file.hpp"
#include "evaluate/paper/sections.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-13";
constexpr std::array kTagPhotos = {1000, 3000, 10000, 20000};
constexpr std::array kSvmPhotos = {100, 300, 1000, 3000};
constexpr double kCost = 3;
constexpr double kIdentitiesGain = 4;  // points, in both of the paper's sets
constexpr double kSmallLoss = 3;       // points

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

// What the whole training of `paper` reached on photos kept aside, with identities and without; a
// seed each.
std::string full_training_text(const PaperContext& context) {
  if (!context.options().results) return {};
  std::string figures[2];
  const char* stages[] = {"anet", "anet_without_identities"};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto file = *context.options().results / "training" / "paper" / stages[i] / "epochs.csv";
    if (!std::filesystem::exists(file)) return {};
    const CsvFile epochs(file);
    if (epochs.rows() == 0) return {};
    figures[i] = fixed(epochs.number(epochs.rows() - 1, "validation_percent"), 1);
  }
  return "; the whole training of paper, one seed, on validation photos: " + figures[0] +
         " % with identities, " + figures[1] + " % without";
}

Claim identities_claim(PaperContext& context) {
  Claim claim{"Identities first: without them accuracy falls (w/o pre-training)",
              "CelebA 87 to 83 %, LFWA 84 to 80 %",
              "",
              Verdict::untested,
              "the same steps of tags for both, so that identities are training on top; intervals "
              "over people and over seeds together",
              stages_command(kName)};
  std::vector<Verdict> verdicts;
  for (const char* set : {"wild", "lfwa"}) {
    if (!context.has_set(set)) continue;
    const Seeds with = seeds_of(context, kIdentitiesFirst, set);
    const Seeds without = seeds_of(context, kFromNothing, set);
    if (with.counts.size() < 2 || without.counts.size() < 2) continue;
    const SeedGain gain = gain_between(with, without, set);
    claim.ours += (claim.ours.empty() ? "" : "; ") + std::string(set) + ' ' +
                  percent(without.mean()) + " to " + percent(with.mean()) + " %, " +
                  points_text(gain.both()) + " points (" + std::to_string(with.counts.size()) +
                  " and " + std::to_string(without.counts.size()) + " seeds, deviation " +
                  fixed(100 * with.deviation(), 2) + " and " + fixed(100 * without.deviation(), 2) +
                  ")";
    verdicts.push_back(direction_alone(gains(gain.both(), kIdentitiesGain)));
  }
  if (verdicts.empty()) return claim;
  claim.verdict = verdicts.front() == verdicts.back() ? verdicts.front() : Verdict::partly;
  claim.ours += full_training_text(context);
  claim.differs += kShortTraining;
  return claim;
}

Claim photos_claim(PaperContext& context, ResultTable& rows) {
  Claim claim{
      "Few training photos cost little",
      "1k, 3k, 10k photos: a small loss",
      "",
      Verdict::untested,
      "as many steps for each; tags alone come from fewer photos: identities were learnt from "
      "all, and the SVMs of every row are fitted to the same photos; a loss of up to 3 points "
      "counts as small; one seed each",
      stages_command(kName)};
  if (!context.has_set("wild")) return claim;
  std::string trail;
  std::vector<AnswerCounts> all;
  for (const int count : kTagPhotos) {
    const std::string stage = "rows_photos_" + std::to_string(count);
    auto counts = stage_answers(context, stage, "wild");
    if (!counts) continue;
    const Interval ours = interval_of(*counts, &AttributeScore::accuracy, "wild");
    rows.rows.push_back({stage, "wild", percent_text(ours),
                         percent_text(interval_of(*counts, &AttributeScore::balanced, "wild"))});
    trail += (trail.empty() ? "" : ", ") + std::to_string(count) + ": " + percent(ours.value);
    all.push_back(std::move(*counts));
  }
  if (all.size() < kTagPhotos.size()) return claim;
  const Interval loss =
      interval_of_difference(all.back(), all.front(), &AttributeScore::accuracy, "wild");
  claim.ours = trail + " %; " + std::to_string(kTagPhotos.front()) + " photos lose " +
               points_text(loss) + " points";
  const Seeds seeds = seeds_of(context, kIdentitiesFirst, "wild");
  if (seeds.counts.size() > 1) {
    claim.ours += "; another seed moves such a network by " + fixed(100 * seeds.deviation(), 2) +
                  " (deviation)";
  }
  claim.verdict = direction_alone(small_loss(loss, kSmallLoss));
  claim.differs += kShortTraining;
  return claim;
}

}  // namespace

Section figure_13(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 13 and pre-training: what training is worth";
  section.paragraphs = {
      "Rows of recipes/paper_rows.toml, trained for minutes, are compared with each other alone: "
      "linear SVMs on FC of a face's middle patch. Where the run lacks a stage its row is left "
      "out."};
  ReportTable rows{"figure-13-rows.csv",
                   "Networks of short training on CelebA (wild), percent.",
                   {{"stage", "set", "accuracy", "balanced"}, {}}};
  section.claims = {identities_claim(context), photos_claim(context, rows.shown)};
  if (!rows.shown.rows.empty()) {
    write_csv(context.options().out / rows.file, rows.shown);
    section.tables.push_back(std::move(rows));
  }
  add_svm_rows(context, section);
  return section;
}

}  // namespace facet::detail
