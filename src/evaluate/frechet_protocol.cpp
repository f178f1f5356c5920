// SPDX-License-Identifier: Apache-2.0
#include "evaluate/frechet_protocol.hpp"

#include <algorithm>
#include <utility>

#include "base/new_folder.hpp"
#include "base/output_guard.hpp"
#include "evaluate/named_random.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"
#include "evaluate/statistics/frechet.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "photos/photo_folder.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kFewest = 4;  // two halves of two

std::vector<EvaluationPhoto> photos_in(const std::filesystem::path& folder, int limit) {
  const FolderPhotos found = find_photos(folder);
  std::vector<EvaluationPhoto> photos;
  for (const std::size_t i : spread_evenly(found.photos.size(), limit)) {
    EvaluationPhoto photo;
    photo.name = found.photos[i].string();
    photo.path = folder / found.photos[i];
    photos.push_back(std::move(photo));
  }
  return photos;
}

// photos × features, without those that could not be read; in an order that names alone decide, so
// that neighbours (of one person, of one film) are in both halves.
std::vector<float> features_of(const std::filesystem::path& folder, const FrechetOptions& options,
                               FrechetReport& report) {
  std::vector<EvaluationPhoto> photos = photos_in(folder, options.limit);
  std::stable_sort(
      photos.begin(), photos.end(), [](const EvaluationPhoto& a, const EvaluationPhoto& b) {
        return NamedRandom("frechet", a.name).unit() < NamedRandom("frechet", b.name).unit();
      });
  std::vector<std::vector<float>> features(photos.size());
  PredictOptions predict;
  predict.head = options.head;
  predict.features = true;
  predict.locate.dominant = true;
  const auto unreadable = for_each_photo(
      photos, options.model, options.threads, options.precision, folder.string(), options.progress,
      [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        features[index] = predictor.predict(photo.image, predict).faces.at(0).features;
      });
  report.unreadable.insert(report.unreadable.end(), unreadable.begin(), unreadable.end());
  std::vector<float> rows;
  for (const auto& one : features) rows.insert(rows.end(), one.begin(), one.end());
  return rows;
}

std::string description(const FrechetOptions& options, const FrechetReport& report) {
  return std::to_string(report.features) + " features of " + options.model->name() + ' ' +
         options.model->version() + " (head " + options.head +
         "), the strongest face of each photo";
}

ResultTable table_of(const FrechetReport& report) {
  return {{"comparison", "distance"},
          {{"A and B", fixed(report.distance, 4)},
           {"half of A and half of B", fixed(report.of_halves, 4)},
           {"two halves of A (floor)", fixed(report.floor[0], 4)},
           {"two halves of B (floor)", fixed(report.floor[1], 4)}}};
}

}  // namespace

FrechetReport measure_frechet(const FrechetOptions& options) {
  if (!options.model) throw Error(ErrorCode::invalid_argument, "the evaluation was given no model");
  FrechetReport report;
  report.features = static_cast<std::size_t>(options.model->feature_size(options.head));
  Gaussian all[2];
  Gaussian halves[2][2];
  const std::filesystem::path folders[2] = {options.first, options.second};
  for (std::size_t side = 0; side < 2; ++side) {
    const std::vector<float> rows = features_of(folders[side], options, report);
    report.photos[side] = rows.size() / report.features;
    if (report.photos[side] < kFewest) {
      throw Error(ErrorCode::not_found,
                  folders[side].string() + ": " + std::to_string(report.photos[side]) +
                      " photos could be read; at least " + std::to_string(kFewest) + " are needed");
    }
    const std::span<const float> whole(rows);
    const std::size_t middle = report.photos[side] / 2 * report.features;
    all[side] = fit_gaussian(whole, report.features);
    halves[side][0] = fit_gaussian(whole.first(middle), report.features);
    halves[side][1] = fit_gaussian(whole.subspan(middle), report.features);
  }
  report.distance = frechet_distance(all[0], all[1]);
  report.of_halves = frechet_distance(halves[0][0], halves[1][0]);
  for (std::size_t side = 0; side < 2; ++side) {
    report.floor[side] = frechet_distance(halves[side][0], halves[side][1]);
  }
  return report;
}

EvaluationResult evaluate_frechet(const FrechetOptions& options) {
  if (options.out) {
    create_folder(*options.out);
    OutputGuard(options.overwrite).check(*options.out / "frechet.csv", FileKind::result);
  }
  const FrechetReport report = measure_frechet(options);
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  const ResultTable table = table_of(report);
  if (options.out) {
    ResultTable full = table;
    const auto columns = record_columns();
    const auto fields = record_fields(record);
    full.columns.insert(full.columns.end(), {"photos_a", "photos_b", "features"});
    full.columns.insert(full.columns.end(), columns.begin(), columns.end());
    for (auto& row : full.rows) {
      row.insert(row.end(), {std::to_string(report.photos[0]), std::to_string(report.photos[1]),
                             std::to_string(report.features)});
      row.insert(row.end(), fields.begin(), fields.end());
    }
    write_csv(*options.out / "frechet.csv", full);
  }
  EvaluationResult result;
  result.unreadable = report.unreadable;
  result.text =
      "Fréchet distance, " + std::to_string(report.photos[0]) + " photos and " +
      std::to_string(report.photos[1]) + "; " + description(options, report) + '\n' +
      record_text(record) +
      "These features are not Inception's: the distance is no FID and compares with none.\n";
  if (std::min(report.photos[0], report.photos[1]) < 2 * report.features) {
    result.text +=
        "Fewer than two photos a feature and half: distances come out too large; compare "
        "them with the floors alone.\n";
  }
  result.text += table_text(table);
  return result;
}

}  // namespace facet::detail
