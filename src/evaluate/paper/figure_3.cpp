// SPDX-License-Identifier: Apache-2.0
// Figure 3: response maps before and after tags, and the threshold between faces and scenes.
#include <algorithm>
#include <cmath>
#include <optional>

#include "evaluate/chart.hpp"
#include "evaluate/paper/csv_file.hpp"
#include "evaluate/paper/lnet_maps.hpp"
#include "evaluate/paper/picture_grid.hpp"
#include "evaluate/paper/sections.hpp"
#include "evaluate/paper/short_training.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-3";
constexpr std::size_t kPeople = 200;
constexpr std::size_t kScenes = 200;
constexpr double kContext = 3;
constexpr int kSide = 120;
constexpr int kBins = 24;

double mean_inside(const SquareMap& map, double from, double to, bool inside) {
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

// What one network's maps say: of each person's square, and of scenes.
struct Contrast {
  std::vector<double> face;    // mean response within the face
  std::vector<double> around;  // at the border of the square
  double scene = 0;

  [[nodiscard]] double mean(const std::vector<double>& values, PersonWeights weights) const {
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double times = weights.empty() ? 1 : weights[i];
      sum += times * values[i];
      count += times;
    }
    return count > 0 ? sum / count : 0;
  }
  [[nodiscard]] double ratio(PersonWeights weights) const {
    return mean(face, weights) / std::max(1e-9, (mean(around, weights) + scene) / 2);
  }
};

Contrast contrast_of(const std::vector<SquareMap>& faces, const SquareMap& scenes) {
  Contrast contrast;
  for (const SquareMap& face : faces) {
    contrast.face.push_back(mean_inside(face, 0, 0.5 / kContext, true));
    contrast.around.push_back(mean_inside(face, 0, 0.4, false));
  }
  contrast.scene = mean_inside(scenes, 0, 1, true);
  return contrast;
}

Interval ratio_of(const Contrast& contrast) {
  return bootstrap_over_people(contrast.face.size(), 1000, kName,
                               [&](PersonWeights weights) { return contrast.ratio(weights); });
}

// Of the same people.
Interval ratio_gain(const Contrast& a, const Contrast& b) {
  return bootstrap_over_people(a.face.size(), 1000, kName, [&](PersonWeights weights) {
    return a.ratio(weights) - b.ratio(weights);
  });
}

std::string ratio_text(const Interval& ratio) {
  return fixed(ratio.value, 2) + " (" + fixed(ratio.low, 2) + "–" + fixed(ratio.high, 2) + ")";
}

// A row of short training: by the plain mean of the channels, and by their votes for tags.
struct Row {
  Contrast plain;
  Contrast voted;
};

// After objects, which vote for no tag; then tags; and tags from nothing.
void judge(Claim& claim, const Contrast& before, const Row& after, const Row& scratch) {
  claim.ours += "; trained for minutes: after objects " + ratio_text(ratio_of(before)) +
                ", then tags " + ratio_text(ratio_of(after.plain)) + " and " +
                ratio_text(ratio_of(after.voted)) + ", tags from nothing " +
                ratio_text(ratio_of(scratch.plain)) + " and " + ratio_text(ratio_of(scratch.voted));
  const auto surely = [](const Contrast& a, const Contrast& b) { return ratio_gain(a, b).low > 0; };
  const bool plainly = surely(after.plain, before) && surely(after.plain, scratch.plain);
  const bool somehow = surely(after.plain, before) || surely(after.plain, scratch.plain) ||
                       surely(after.voted, before) || surely(after.voted, scratch.voted);
  claim.verdict = direction_alone(plainly   ? Verdict::reproduced
                                  : somehow ? Verdict::partly
                                            : Verdict::not_so);
  claim.differs += kShortTraining;
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
              stages_command(kName)};
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
    ReportTable table{
        "figure-3.csv",
        "Mean response of C5.",
        {{"network", "face", "around it", "scenes", "contrast (95 % over people)"}, {}}};
    const auto add_map = [&](const std::string& name, const Network& network,
                             const CellValue& value) {
      const std::string& last = network.spec().layers.back().name;
      const std::vector<SquareMap> faces = square_maps(network, last, squares.images, value);
      const SquareMap empty = mean_of(square_maps(network, last, scenes, value));
      Contrast contrast = contrast_of(faces, empty);
      grid.rows.push_back(
          {name, {{drawn(mean_of(faces), {}, kSide), ""}, {drawn(empty, {}, kSide), ""}}});
      table.shown.rows.push_back({name, fixed(contrast.mean(contrast.face, {}), 3),
                                  fixed(contrast.mean(contrast.around, {}), 3),
                                  fixed(contrast.scene, 3), ratio_text(ratio_of(contrast))});
      return contrast;
    };
    const auto add = [&](const std::string& name, const Network& network) {
      return add_map(name, network, CellValue::mean_response(network, parts.response_layer));
    };
    const auto add_voted = [&](const std::string& name, const Network& network) {
      return add_map(name + ", channels by their votes", network,
                     CellValue::voted_response(network, network.spec().layers.back().name,
                                               parts.response_layer));
    };
    const Interval tuned = ratio_of(add("paper, after all rounds", *parts.lnet_o));
    const Interval voted = ratio_of(add_voted("paper, after all rounds", *parts.lnet_o));
    claim.ours = "contrast after all rounds of paper " + ratio_text(tuned) +
                 " by the plain mean of the channels, " + ratio_text(voted) +
                 " with each channel weighted by its votes for tags";
    // Most channels answer where there is no face, and vote against every tag.
    if (tuned.value <= 1) claim.verdict = voted.value > 1 ? Verdict::partly : Verdict::not_so;
    std::optional<Contrast> before;
    if (const Network* one = context.stage("rows_objects")) before = add("after objects", *one);
    const auto add_row = [&](const char* stage, const char* name) -> std::optional<Row> {
      const Network* one = context.stage(stage);
      if (one == nullptr) return std::nullopt;
      return Row{add(name, *one), add_voted(name, *one)};
    };
    const auto after = add_row("rows_lnet", "then tags");
    const auto scratch = add_row("rows_lnet_scratch", "tags alone");
    if (before && after && scratch) judge(claim, *before, *after, *scratch);
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
