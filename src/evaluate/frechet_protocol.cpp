// SPDX-License-Identifier: Apache-2.0
#include "evaluate/frechet_protocol.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "base/new_folder.hpp"
#include "base/number_text.hpp"
#include "base/output_guard.hpp"
#include "base/sha256.hpp"
#include "evaluate/named_random.hpp"
#include "evaluate/network_record.hpp"
#include "evaluate/result_table.hpp"
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

// The strongest face of a photo, described by the model.
PhotoWork by_faces(const FrechetOptions& options, std::vector<std::vector<float>>& features) {
  const auto predictor = std::make_shared<Predictor>(options.model, 1, options.precision);
  PredictOptions predict;
  predict.head = options.head;
  predict.features = true;
  predict.locate.dominant = true;
  return [predictor, predict, &features](const ListedPhoto& photo, std::size_t index) {
    features[index] = predictor->predict(photo.image, predict).faces.at(0).features;
  };
}

PhotoWork by_onnx(const OnnxRequestedFeatures& request, std::vector<std::vector<float>>& features) {
  const auto network = std::make_shared<OnnxFeatures>(request);
  return [network, &features](const ListedPhoto& photo, std::size_t index) {
    features[index] = network->of(photo.image);
  };
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
  const auto unreadable =
      for_each_photo(photos, options.threads, folder.string(), options.progress, [&] {
        return options.onnx ? by_onnx(*options.onnx, features) : by_faces(options, features);
      });
  report.unreadable.insert(report.unreadable.end(), unreadable.begin(), unreadable.end());
  std::vector<float> rows;
  for (const auto& one : features) {
    if (!one.empty()) report.features = one.size();
    rows.insert(rows.end(), one.begin(), one.end());
  }
  return rows;
}

std::string triple(const std::array<float, 3>& values) {
  std::string text;
  for (const float value : values) text += (text.empty() ? "" : ", ") + shortest_text(value);
  return text;
}

// Opens the network, so that what is wrong with it is said before any photo is read.
std::string description(const FrechetOptions& options) {
  if (options.onnx) {
    const OnnxFeatures network(*options.onnx);
    return "features of output " + network.output() + " of " +
           options.onnx->file.filename().string() + " by " + network.backend() +
           ", whole photos at " + std::to_string(network.width()) + "×" +
           std::to_string(network.height()) + " as RGB (0…1, less " + triple(options.onnx->mean) +
           ", over " + triple(options.onnx->deviation) + ")";
  }
  return "features of " + options.model->name() + ' ' + options.model->version() + " (head " +
         options.head + "), the strongest face of each photo";
}

std::string checksum_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  Sha256 hash;
  hash.update(std::as_bytes(std::span(bytes.view())));
  return hash.finish();
}

RunRecord record_of(const FrechetOptions& options) {
  if (!options.onnx) return record_run(*options.model, options.threads, options.precision);
  const std::filesystem::path& file = options.onnx->file;
  return record_run(file.filename().string(), checksum_of_file(file), options.threads);
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
  if (!options.model && !options.onnx) {
    throw Error(ErrorCode::invalid_argument, "the evaluation was given no model");
  }
  FrechetReport report;
  report.described = description(options);
  Gaussian all[2];
  Gaussian halves[2][2];
  const std::filesystem::path folders[2] = {options.first, options.second};
  for (std::size_t side = 0; side < 2; ++side) {
    const std::vector<float> rows = features_of(folders[side], options, report);
    report.photos[side] = report.features > 0 ? rows.size() / report.features : 0;
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
  const RunRecord record = record_of(options);
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
      std::to_string(report.photos[1]) + "; " + std::to_string(report.features) + ' ' +
      report.described + '\n' + record_text(record) +
      (options.onnx
           ? "What network this is facet cannot know: the distance is no FID, and compares "
             "with those of the same file and the same input alone.\n"
           : "These features are not Inception's: the distance is no FID and compares "
             "with none.\n");
  if (std::min(report.photos[0], report.photos[1]) < 2 * report.features) {
    result.text +=
        "Fewer than two photos a feature and half: distances come out too large; compare "
        "them with the floors alone.\n";
  }
  result.text += table_text(table);
  return result;
}

}  // namespace facet::detail
