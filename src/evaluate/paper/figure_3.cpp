// SPDX-License-Identifier: Apache-2.0
// Figure 3: response maps before and after tags, and the threshold between faces and scenes.
#include <algorithm>
#include <cmath>

#include "evaluate/chart.hpp"
#include "evaluate/paper/csv_file.hpp"
#include "evaluate/paper/lnet_maps.hpp"
#include "evaluate/paper/picture_grid.hpp"
#include "evaluate/paper/sections.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-3";
constexpr std::size_t kPeople = 200;
constexpr std::size_t kScenes = 200;
constexpr double kContext = 3;
constexpr int kSide = 120;
constexpr int kBins = 24;

struct Contrast {
  double face = 0;    // mean response within the face
  double around = 0;  // at the border of the square
  double scene = 0;
  [[nodiscard]] double ratio() const { return face / std::max(1e-9, (around + scene) / 2); }
};

double mean_inside(const MeanMap& map, double from, double to, bool inside) {
  double sum = 0;
  double count = 0;
  for (int y = 0; y < map.side; ++y) {
    for (int x = 0; x < map.side; ++x) {
      const double off =
          std::max(std::abs((x + 0.5) / map.side - 0.5), std::abs((y + 0.5) / map.side - 0.5));
      if ((off >= from && off <= to) != inside) continue;
      sum += map.values[static_cast<std::size_t>(y * map.side + x)];
      ++count;
    }
  }
  return count > 0 ? sum / count : 0;
}

// Two histograms, as shares, from the file that the localiser's stage left.
void add_histograms(PaperContext& context, Section& section) {
  if (!context.options().results) return;
  const auto file = *context.options().results / "training" / "paper" / "threshold_scores.csv";
  if (!std::filesystem::exists(file)) return;
  const CsvFile scores(file);
  double most = 0;
  std::vector<double> values[2];  // faces, scenes
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    const double score = std::max(0.0, scores.number(row, "score"));
    values[scores.cell(row, "kind") == "scene" ? 1 : 0].push_back(score);
    most = std::max(most, score);
  }
  Chart chart;
  chart.title = "The best window's score: photos with a face, and scenes";
  chart.x = {"score", 0, most, false, std::max(1.0, std::round(most / 8))};
  chart.y = {"share of the photos", 0, 1, false, 0.2};
  for (const int kind : {0, 1}) {
    ChartCurve curve{kind == 0 ? "photos with a face" : "scenes", {}};
    for (int bin = 0; bin < kBins; ++bin) {
      const double from = most * bin / kBins;
      const double to = most * (bin + 1) / kBins;
      double share = 0;
      for (const double value : values[kind]) {
        if (value >= from && (value < to || bin + 1 == kBins)) share += 1;
      }
      share /= static_cast<double>(std::max<std::size_t>(1, values[kind].size()));
      curve.points.emplace_back(from, share);
      curve.points.emplace_back(to, share);
    }
    chart.curves.push_back(std::move(curve));
  }
  write_chart(context.options().out / "figure-3-threshold.svg", chart);
  section.figures.push_back(
      {"figure-3-threshold.svg",
       "Where the threshold lies: best windows of photos of people kept aside and of scenes, when "
       "paper's LNet was put together."});
}

}  // namespace

Section figure_3(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 3: response maps";
  Claim claim{"Tags sharpen LNet's response to faces; object categories first are needed",
              "maps by eye",
              "",
              Verdict::untested,
              "mean maps over people; the contrast is the mean response within the face over that "
              "around it and on scenes",
              "facet train recipes/paper_rows.toml --data DIR --out RUN, then " +
                  section_command(kName) + " --stages RUN"};
  add_histograms(context, section);
  if (context.has_set("lfwa")) {
    const ModelParts& parts = parts_of(*context.paper().model);
    const int height = static_cast<int>(parts.localiser.face_height);
    const FaceSquares squares = face_squares(context.set("lfwa"), kPeople, kContext, height);
    const std::vector<Image> scenes =
        scene_squares(context.options().data, kScenes, static_cast<int>(kContext * height));
    PictureGrid grid;
    grid.title = "Mean of C5's channels around " + std::to_string(squares.images.size()) +
                 " people's faces, and on scenes";
    grid.columns = {"faces", "scenes"};
    grid.cell_width = grid.cell_height = kSide;
    ReportTable table{"figure-3.csv",
                      "Mean response of C5.",
                      {{"network", "face", "around it", "scenes", "contrast"}, {}}};
    const auto add_map = [&](const std::string& name, const Network& network,
                             const CellValue& value) {
      const std::string& last = network.spec().layers.back().name;
      const MeanMap faces = mean_map(network, last, squares.images, value);
      const MeanMap empty = mean_map(network, last, scenes, value);
      const Contrast contrast{mean_inside(faces, 0, 0.5 / kContext, true),
                              mean_inside(faces, 0, 0.4, false), mean_inside(empty, 0, 1, true)};
      grid.rows.push_back({name, {{drawn(faces, {}, kSide), ""}, {drawn(empty, {}, kSide), ""}}});
      table.shown.rows.push_back({name, fixed(contrast.face, 3), fixed(contrast.around, 3),
                                  fixed(contrast.scene, 3), fixed(contrast.ratio(), 2)});
      return contrast.ratio();
    };
    const auto add = [&](const std::string& name, const Network& network) {
      return add_map(name, network, CellValue::mean_response(network, parts.response_layer));
    };
    const double tuned = add("paper, after all rounds", *parts.lnet_o);
    const double voted = add_map(
        "paper, channels by their votes", *parts.lnet_o,
        CellValue::voted_response(*parts.lnet_o, parts.evidence_layer, parts.response_layer));
    claim.ours = "contrast after all rounds of paper " + fixed(tuned, 2) +
                 " by the plain mean of the channels, " + fixed(voted, 2) +
                 " with each channel weighted by its votes for tags";
    // Most channels answer where there is no face, and vote against every tag.
    if (tuned <= 1) claim.verdict = voted > 1 ? Verdict::partly : Verdict::not_so;
    double before = 0;
    double after = 0;
    double scratch = 0;
    if (const Network* one = context.stage("rows_objects")) before = add("after objects", *one);
    if (const Network* one = context.stage("rows_lnet")) after = add("then tags", *one);
    if (const Network* one = context.stage("rows_lnet_scratch")) scratch = add("tags alone", *one);
    if (before > 0 && after > 0 && scratch > 0) {
      claim.ours += "; short training: after objects " + fixed(before, 2) + ", then tags " +
                    fixed(after, 2) + ", tags from nothing " + fixed(scratch, 2);
      const bool sharpens = after > before;
      const bool needed = after > scratch;
      claim.verdict = sharpens && needed   ? Verdict::reproduced
                      : sharpens || needed ? Verdict::partly
                                           : Verdict::not_so;
    }
    write_picture_grid(context.options().out / "figure-3.svg", grid);
    write_csv(context.options().out / table.file, table.shown);
    section.figures.push_back({"figure-3.svg",
                               "Mean response maps, each from its lowest to its "
                               "highest value."});
    section.tables.push_back(std::move(table));
  }
  section.claims.push_back(std::move(claim));
  return section;
}

}  // namespace facet::detail
