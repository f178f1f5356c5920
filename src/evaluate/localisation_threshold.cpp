// SPDX-License-Identifier: Apache-2.0
#include "evaluate/localisation_threshold.hpp"

#include <algorithm>
#include <cmath>

#include "dataset/dataset.hpp"
#include "evaluate/chart.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/result_table.hpp"
#include "facet/error.hpp"
#include "model/model_access.hpp"
#include "teach/decision_threshold.hpp"

namespace facet::detail {
namespace {

constexpr int kMostPhotos = 500;
constexpr double kAlarmShare = 0.01;  // of the scenes, at most
constexpr int kBins = 40;

std::vector<EvaluationPhoto> threshold_scenes(const std::filesystem::path& data, int limit) {
  const std::vector<std::filesystem::path> files = scenes(data / "scenes", ScenePart::threshold);
  std::vector<EvaluationPhoto> photos;
  for (const std::size_t i : spread_evenly(files.size(), limit)) {
    photos.push_back({files[i].filename().string(), files[i], {}, {}, PhotoVariant::whole, {}});
  }
  return photos;
}

// Of the photos that could be read.
std::vector<float> best_scores(const std::vector<EvaluationPhoto>& photos, const Detector& detector,
                               ThresholdFit& fit, const EvaluationOptions& options) {
  std::vector<float> scores(photos.size(), std::nanf(""));
  const std::string task = "threshold of " + detector.title;
  const auto unreadable =
      for_each_photo(photos, options.threads, task, options.progress, [&]() -> PhotoWork {
        const auto finder = std::make_shared<FaceFinder>(detector, options.precision);
        return [&, finder](const ListedPhoto& photo, std::size_t index) {
          scores[index] = finder->best_score(photo.image);
        };
      });
  fit.unreadable.insert(fit.unreadable.end(), unreadable.begin(), unreadable.end());
  std::erase_if(scores, [](float score) { return std::isnan(score); });
  return scores;
}

double share_above(const std::vector<float>& scores, float threshold) {
  const auto above =
      std::count_if(scores.begin(), scores.end(), [=](float score) { return score >= threshold; });
  return static_cast<double>(above) / static_cast<double>(scores.size());
}

// The largest of 1, 2 and 5 times a power of ten that divides the length into at least five parts.
double round_step(double length) {
  const double power = std::pow(10, std::floor(std::log10(length / 5)));
  const double parts = length / 5 / power;
  return (parts >= 5 ? 5 : parts >= 2 ? 2 : 1) * power;
}

// Steps as high as the share of the scores in each of kBins bins from 0 to `high`.
ChartCurve histogram(const std::string& name, const std::vector<float>& scores, double high) {
  std::vector<double> bins(kBins, 0.0);
  for (const float score : scores) {
    const int bin = static_cast<int>(std::floor(score / high * kBins));
    bins[static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))] +=
        1 / static_cast<double>(scores.size());
  }
  ChartCurve curve{name, {{0, 0}}};
  for (int i = 0; i < kBins; ++i) {
    curve.points.emplace_back(high * i / kBins, bins[static_cast<std::size_t>(i)]);
    curve.points.emplace_back(high * (i + 1) / kBins, bins[static_cast<std::size_t>(i)]);
  }
  curve.points.emplace_back(high, 0);
  return curve;
}

Chart threshold_chart(const ThresholdFit& fit) {
  const float highest = std::max(*std::max_element(fit.faces.begin(), fit.faces.end()),
                                 *std::max_element(fit.scenes.begin(), fit.scenes.end()));
  const double high = std::max(1e-3, static_cast<double>(highest));
  Chart chart;
  chart.title = "Best window of photos with and without a face: " + fit.title;
  chart.curves = {histogram("photos with a face", fit.faces, high),
                  histogram("scenes without", fit.scenes, high)};
  double top = 0;
  for (const ChartCurve& curve : chart.curves) {
    for (const auto& [x, share] : curve.points) top = std::max(top, share);
  }
  chart.curves.push_back(
      {"threshold " + fixed(fit.threshold, 3), {{fit.threshold, 0}, {fit.threshold, top}}});
  chart.x = {"score of the best window", 0, high, false, round_step(high)};
  chart.y = {"share", 0, top, false, round_step(top)};
  return chart;
}

}  // namespace

ThresholdFit fit_threshold(const Detector& detector, const EvaluationOptions& options) {
  const int limit = options.limit > 0 ? std::min(options.limit, kMostPhotos) : kMostPhotos;
  ThresholdFit fit;
  fit.way = detector.way;
  fit.title = detector.title;
  fit.shipped = parts_of(*detector.model).localiser.edgeboxes_threshold;
  EvaluationSet frames = heldout_frames_set(options.data, limit);
  std::erase_if(frames.photos, [](const EvaluationPhoto& photo) { return photo.boxes.empty(); });
  fit.faces = best_scores(frames.photos, detector, fit, options);
  fit.scenes = best_scores(threshold_scenes(options.data, options.limit), detector, fit, options);
  if (fit.faces.empty() || fit.scenes.empty()) {
    throw Error(ErrorCode::not_found,
                options.data.string() + ": no readable photos for the threshold of " +
                    detector.title + ": held-out frames and scenes are needed");
  }
  fit.threshold = decision_threshold(fit.faces, fit.scenes, kAlarmShare);
  return fit;
}

std::string threshold_text(const ThresholdFit& fit) {
  std::string text = "threshold of " + fit.title + ": " + fixed(fit.threshold, 4);
  if (fit.way == LocalisationWay::edgeboxes) {
    text += " (the model's, measured: " + fixed(fit.shipped, 4) + ')';
  }
  return text + ", " + percent(share_above(fit.faces, fit.threshold)) + " % of " +
         std::to_string(fit.faces.size()) + " face photos and " +
         percent(share_above(fit.scenes, fit.threshold)) + " % of " +
         std::to_string(fit.scenes.size()) + " scenes reach it\n";
}

void write_threshold(const std::filesystem::path& folder, const ThresholdFit& fit) {
  const std::string name = "localisation-threshold-" + localisation_name(fit.way);
  ResultTable table{{"kind", "score", "threshold"}, {}};
  const std::string threshold = fixed(fit.threshold, 4);
  for (const float score : fit.faces) table.rows.push_back({"face", fixed(score, 4), threshold});
  for (const float score : fit.scenes) table.rows.push_back({"scene", fixed(score, 4), threshold});
  write_csv(folder / (name + ".csv"), table);
  write_chart(folder / (name + ".svg"), threshold_chart(fit));
}

}  // namespace facet::detail
