// SPDX-License-Identifier: Apache-2.0
// Figure 7 and LNet's other figures: how well faces are found. What `facet eval localisation`
// measured, which takes the longest of all protocols, is read from its files.
#include <cmath>
#include <optional>

#include "evaluate/chart.hpp"
#include "evaluate/paper/csv_file.hpp"
#include "evaluate/paper/sections.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "figure-7";
constexpr const char* kSets[] = {"frames-heldout", "frames-test"};

// A share of photos with Wilson's 95 % interval.
Interval wilson(double share, double photos) {
  constexpr double z = 1.96;
  const double middle = (share + z * z / (2 * photos)) / (1 + z * z / photos);
  const double half = z / (1 + z * z / photos) *
                      std::sqrt(share * (1 - share) / photos + z * z / (4 * photos * photos));
  return {share, middle - half, middle + half};
}

// A file and the way of finding faces in it.
struct Source {
  std::string title;
  fs::path folder;
  std::string prefix;  // of its files: "localisation", "localisation-peers"
  std::string detector;
};

std::vector<Source> sources(const fs::path& results) {
  std::vector<Source> all;
  for (const char* model : {"best", "fast", "paper"}) {
    all.push_back({std::string("LNet of ") + model, results / model, "localisation", "LNet"});
  }
  all.push_back({"constant window", results / "paper", "localisation", "constant window"});
  for (const char* peer : {"UltraFace RFB-320", "Haar cascade"}) {
    all.push_back({peer, results, "localisation-peers", peer});
  }
  return all;
}

std::optional<CsvFile> read(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  return CsvFile(file);
}

ChartCurve curve_of(const CsvFile& file, const Source& source, const std::string& set,
                    const char* x) {
  ChartCurve curve{source.title, {}};
  for (std::size_t row = 0; row < file.rows(); ++row) {
    if (file.cell(row, "set") != set || file.cell(row, "detector") != source.detector) continue;
    curve.points.emplace_back(file.number(row, x), file.number(row, "recall"));
  }
  return curve;
}

struct Recall {
  double at_hundredth = 0;  // shares
  double at_tenth = 0;
  double photos = 0;
  std::string version;
};

std::optional<Recall> recall_of(const CsvFile& file, const std::string& set,
                                const std::string& detector) {
  for (std::size_t row = 0; row < file.rows(); ++row) {
    if (file.cell(row, "set") != set || file.cell(row, "detector") != detector) continue;
    return Recall{file.number(row, "recall@0.01") / 100, file.number(row, "recall@0.1") / 100,
                  file.number(row, "faces"),
                  file.cell(row, "model") + ' ' + file.cell(row, "version") + ", " +
                      file.cell(row, "date").substr(0, 10)};
  }
  return std::nullopt;
}

void add_curves(PaperContext& context, Section& section) {
  const fs::path& results = *context.options().results;
  Chart roc;
  roc.x = {"false positives a photo", 0.001, 1, true, 1};
  roc.y = {"recall", 0, 1, false, 0.1};
  Chart overlap;
  overlap.x = {"overlap asked for", 0.3, 0.9, false, 0.1};
  overlap.y = {"recall", 0, 1, false, 0.1};
  overlap.names_left = true;
  for (const char* set : kSets) {
    roc.curves.clear();
    overlap.curves.clear();
    roc.title = overlap.title = std::string("The dominant face, ") + set;
    for (const Source& source : sources(results)) {
      if (const auto file = read(source.folder / (source.prefix + "-roc.csv"))) {
        ChartCurve curve = curve_of(*file, source, set, "false_positives");
        if (!curve.points.empty()) roc.curves.push_back(std::move(curve));
      }
      if (const auto file = read(source.folder / (source.prefix + "-overlap.csv"))) {
        ChartCurve curve = curve_of(*file, source, set, "least_overlap");
        if (!curve.points.empty()) overlap.curves.push_back(std::move(curve));
      }
    }
    for (const auto& [chart, kind] : {std::pair(&roc, "roc"), std::pair(&overlap, "overlap")}) {
      if (chart->curves.empty()) continue;
      const std::string file = std::string("figure-7-") + kind + '-' + set + ".svg";
      write_chart(context.options().out / file, *chart);
      section.figures.push_back({file, chart == &roc ? std::string("ROC on ") + set
                                                     : std::string("Recall by overlap on ") + set});
    }
  }
}

void add_table(PaperContext& context, Section& section) {
  ReportTable table{
      "figure-7.csv",
      "Recall of the dominant face (overlap 0.5), percent; Wilson's "
      "95 % interval over photos.",
      {{"set", "detector", "at 0.01 false positives a photo", "at 0.1", "faces", "measured"}, {}}};
  for (const char* set : kSets) {
    for (const Source& source : sources(*context.options().results)) {
      const auto file = read(source.folder / (source.prefix + ".csv"));
      if (!file) continue;
      const auto recall = recall_of(*file, set, source.detector);
      if (!recall) continue;
      table.shown.rows.push_back({set, source.title,
                                  percent_text(wilson(recall->at_hundredth, recall->photos)),
                                  percent_text(wilson(recall->at_tenth, recall->photos)),
                                  fixed(recall->photos, 0), recall->version});
    }
  }
  write_csv(context.options().out / table.file, table.shown);
  section.tables.push_back(std::move(table));
}

Claim recall_claim(PaperContext& context) {
  Claim claim{"LNet finds the dominant face on CelebA (overlap 0.5, 0.01 false positives a photo)",
              "93 %; the best detector of its day 85 %",
              "",
              Verdict::untested,
              "whole frames reduced to 320 pixels, 126 to 528 photos; intervals over photos",
              "facet eval localisation --data DIR --model models/paper.safetensors --out "
              "results/paper, then " +
                  section_command(kName) + " --results results"};
  if (!context.options().results) return claim;
  std::vector<Verdict> verdicts;
  for (const char* model : {"paper", "best"}) {
    const auto file = read(*context.options().results / model / "localisation.csv");
    if (!file) continue;
    for (const char* set : kSets) {
      const auto recall = recall_of(*file, set, "LNet");
      if (!recall) continue;
      const Interval ours = wilson(recall->at_hundredth, recall->photos);
      claim.ours += (claim.ours.empty() ? "" : "; ") + std::string(model) + ", " + set + ' ' +
                    percent_text(ours) + " %";
      if (std::string(model) == "paper") verdicts.push_back(at_least(ours, 93));
    }
  }
  for (const Verdict verdict : verdicts) {
    claim.verdict =
        claim.verdict == Verdict::untested || claim.verdict == verdict ? verdict : Verdict::partly;
  }
  return claim;
}

// Rows of recipes/lnet_rows.toml: short training, one round.
void add_training_claims(PaperContext& context, Section& section) {
  const std::string command =
      "facet train recipes/lnet_rows.toml --data DIR --out RUN, then facet eval localisation "
      "--also "
      "and " +
      section_command(kName) + " --results results";
  Claim objects{"Object categories first are needed to find faces",
                "74 points lower recall without them",
                "",
                Verdict::untested,
                "short training of one LNet; recall at 0.1 false positives a photo",
                command};
  Claim attributes{"Recall rises with the number of attributes that LNet is tuned with",
                   "steadily from 5 to 40",
                   "",
                   Verdict::untested,
                   "the same short training; one seed each",
                   command};
  const auto file =
      context.options().results
          ? read(*context.options().results / "training" / "lnet_rows" / "localisation.csv")
          : std::nullopt;
  if (file) {
    const std::string set = kSets[0];
    const auto all = recall_of(*file, set, "LNet");
    const auto without = recall_of(*file, set, "without object categories");
    if (all && without) {
      const double lost = all->at_tenth - without->at_tenth;
      objects.ours = percent(without->at_tenth) + " instead of " + percent(all->at_tenth) +
                     " % on " + set + ": " + fixed(100 * lost, 1) + " points lower";
      objects.verdict = lost >= 0.735 ? Verdict::reproduced
                        : lost > 0    ? Verdict::partly
                                      : Verdict::not_so;
    }
    Chart chart;
    chart.title = "Recall by the number of attributes that LNet was tuned with (short training)";
    chart.x = {"attributes", 0, 40, false, 5};
    chart.y = {"recall at 0.1 false positives a photo", 0, 1, false, 0.1};
    bool rises = true;
    for (const char* name : {"frames-heldout", "lfw"}) {
      ChartCurve curve{name, {}};
      for (const int count : {5, 10, 20, 40}) {
        const auto recall =
            recall_of(*file, name, count == 40 ? "LNet" : std::to_string(count) + " tags");
        if (recall) curve.points.emplace_back(count, recall->at_tenth);
      }
      for (std::size_t i = 1; i < curve.points.size(); ++i) {
        rises = rises && curve.points[i].second >= curve.points[i - 1].second;
      }
      if (name == set && curve.points.size() == 4) {
        for (const auto& [count, recall] : curve.points) {
          attributes.ours += (attributes.ours.empty() ? "" : ", ") + fixed(count, 0) + ": " +
                             percent(recall) + " %";
        }
        attributes.verdict = curve.points.back().second > curve.points.front().second
                                 ? Verdict::partly
                                 : Verdict::not_so;
      }
      chart.curves.push_back(std::move(curve));
    }
    if (rises && attributes.verdict == Verdict::partly) attributes.verdict = Verdict::reproduced;
    write_chart(context.options().out / "figure-7-attributes.svg", chart);
    section.figures.push_back({"figure-7-attributes.svg", "Recall by the number of attributes."});
  }
  section.claims.push_back(std::move(objects));
  section.claims.push_back(std::move(attributes));
}

}  // namespace

Section figure_7(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 7: how well faces are found";
  section.paragraphs = {
      "As facet eval localisation measured it; the table says which version of a model, and when. "
      "Only whole frames show whether LNet works: in the other sets a constant window does as "
      "well."};
  section.claims.push_back(recall_claim(context));
  add_training_claims(context, section);
  if (context.options().results) {
    add_curves(context, section);
    add_table(context, section);
  }
  return section;
}

}  // namespace facet::detail
