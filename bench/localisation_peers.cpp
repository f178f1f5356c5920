// SPDX-License-Identifier: Apache-2.0
// Off-the-shelf face detectors on the photos of `facet eval localisation`, by the same rules: the
// rows of comparison, and facet's own beside them. The detectors are no part of the product.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/parallel_loop.hpp"
#include "base/sha256.hpp"
#include "evaluate/localisation_protocol.hpp"
#include "evaluate/localisation_report.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "haar_detector.hpp"
#include "peer_detector.hpp"
#include "ultraface_detector.hpp"

namespace facet::bench {
using namespace detail;
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path data;
  fs::path model;
  std::string cascade = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml";
  std::string ultraface;  // .caffemodel
  fs::path out = "results";
  int threads = 1;
  int limit = 0;
};

class LnetDetector final : public PeerDetector {
 public:
  explicit LnetDetector(std::shared_ptr<const Model> model)
      : predictor_(std::move(model), 1, Precision::fp32) {}
  std::vector<FoundBox> find(const Image& photo) override {
    LocateOptions options;
    options.all = true;
    std::vector<FoundBox> found;
    for (const Face& face : predictor_.locate(photo, options).faces) {
      found.push_back({face.box, face.score, !face.below_threshold});
    }
    return found;
  }

 private:
  Predictor predictor_;
};

// A detector, and what its rows say of where it comes from.
struct Peer {
  std::string name;
  std::string version;
  std::string checksum;
  std::function<std::unique_ptr<PeerDetector>()> make;
};

std::string checksum_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::not_found, file.string() + ": cannot be opened");
  const std::string bytes((std::istreambuf_iterator<char>(stream)),
                          std::istreambuf_iterator<char>());
  Sha256 sum;
  sum.update(std::as_bytes(std::span(bytes)));
  return sum.finish();
}

std::vector<Peer> all_peers(const Options& options, const std::shared_ptr<const Model>& model) {
  const std::string opencv = std::string("OpenCV ") + CV_VERSION;
  std::vector<Peer> peers = {{"LNet of " + model->name(), model->version(), model->checksum(),
                              [model] { return std::make_unique<LnetDetector>(model); }},
                             {"Haar cascade", opencv, checksum_of(options.cascade), [options] {
                                return std::make_unique<HaarDetector>(options.cascade);
                              }}};
  if (!options.ultraface.empty()) {
    const std::string prototxt = fs::path(options.ultraface).replace_extension(".prototxt");
    peers.push_back(
        {"UltraFace RFB-320", opencv, checksum_of(options.ultraface), [options, prototxt] {
           return std::make_unique<UltrafaceDetector>(prototxt, options.ultraface);
         }});
  }
  return peers;
}

struct Looked {
  std::vector<PhotoDetections> photos;  // those that could be read
  std::size_t unreadable = 0;
};

Looked look(const std::vector<EvaluationPhoto>& photos, const Peer& peer, int threads) {
  std::vector<PhotoDetections> all(photos.size());
  std::vector<char> readable(photos.size(), 0);
  for_each_worker(photos.size(), threads, [&]() -> IndexedWork {
    return [&, detector = std::shared_ptr(peer.make())](std::size_t i) {
      ListedPhoto photo;
      try {
        photo = prepare(photos[i]);
      } catch (const Error&) {
        return;  // counted below
      }
      all[i].has_face = !photo.boxes.empty();
      for (const FoundBox& found : detector->find(photo.image)) {
        all[i].detections.push_back(judge(found.box, found.score, found.accepted, photo.boxes));
      }
      readable[i] = 1;
    };
  });
  Looked looked;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (readable[i] == 0) {
      ++looked.unreadable;
    } else {
      looked.photos.push_back(std::move(all[i]));
    }
  }
  return looked;
}

// The sets of `facet eval localisation`, under its names.
std::vector<EvaluationSet> all_sets(const Options& options) {
  using Make = std::function<EvaluationSet()>;
  const auto lfw = [&](PhotoVariant variant) {
    return [&options, variant] { return lfwa_set(options.data, variant, options.limit); };
  };
  const std::vector<std::pair<std::string, Make>> makers = {
      {"frames-heldout", [&] { return heldout_frames_set(options.data, options.limit); }},
      {"frames-test", [&] { return test_frames_set(options.data, options.limit); }},
      {"lfw", lfw(PhotoVariant::whole)},
      {"lfw-edge", lfw(PhotoVariant::edge)},
      {"lfw-placed", lfw(PhotoVariant::placed)}};
  std::vector<EvaluationSet> sets;
  for (const auto& [name, make] : makers) {
    try {
      sets.push_back(make());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      std::cout << "left out: " << error.what() << '\n';
      continue;
    }
    sets.back().name = name;
    std::erase_if(sets.back().photos,
                  [](const EvaluationPhoto& photo) { return photo.boxes.empty(); });
  }
  if (sets.empty()) {
    throw Error(ErrorCode::not_found, options.data.string() + ": none of the sets is there");
  }
  return sets;
}

struct MeasuredRow {
  LocalisationRow figures;
  RunRecord record;
};

std::string threshold_text(float threshold) {
  return std::isfinite(threshold) ? fixed(threshold, 4) : std::string();
}

// The columns of localisation.csv.
ResultTable figures_table(const std::vector<MeasuredRow>& rows) {
  ResultTable table;
  table.columns = {"set",
                   "detector",
                   "faces",
                   "scenes",
                   "recall@0.01",
                   "recall@0.1",
                   "mean_overlap",
                   "recall@threshold",
                   "false@threshold",
                   "strict_recall@0.01",
                   "unreadable",
                   "threshold@0.01",
                   "threshold@0.1"};
  const std::vector<std::string> about = record_columns();
  table.columns.insert(table.columns.end(), about.begin(), about.end());
  for (const auto& [row, record] : rows) {
    std::vector<std::string> cells = {
        row.set,
        row.detector,
        std::to_string(row.faces),
        std::to_string(row.scenes),
        percent(row.at_hundredth.recall),
        percent(row.at_tenth.recall),
        row.mean_overlap > 0 ? fixed(row.mean_overlap, 3) : std::string(),
        percent(row.own.recall),
        fixed(row.own.false_rate, 4),
        percent(row.strict_hundredth.recall),
        std::to_string(row.unreadable),
        threshold_text(row.at_hundredth.threshold),
        threshold_text(row.at_tenth.threshold)};
    const std::vector<std::string> fields = record_fields(record);
    cells.insert(cells.end(), fields.begin(), fields.end());
    table.rows.push_back(std::move(cells));
  }
  return table;
}

ResultTable curves_table(const std::vector<MeasuredRow>& rows) {
  ResultTable table{{"set", "detector", "threshold", "false_positives", "recall"}, {}};
  for (const auto& [row, record] : rows) {
    for (const RocPoint& point : thinned(row.curve)) {
      table.rows.push_back({row.set, row.detector, threshold_text(point.threshold),
                            fixed(point.false_rate, 6), fixed(point.recall, 6)});
    }
  }
  return table;
}

int run(const Options& options) {
  cv::setNumThreads(1);  // photos side by side use the cores
  const auto model = Model::load(options.model.empty() ? Model::find_default() : options.model);
  const std::vector<EvaluationSet> sets = all_sets(options);
  const std::vector<EvaluationPhoto> scenes = empty_scenes(options.data, false, options.limit);
  std::vector<MeasuredRow> rows;
  for (const Peer& peer : all_peers(options, model)) {
    RunRecord record = record_run(*model, options.threads, Precision::fp32);
    record.model = peer.name;
    record.version = peer.version;
    record.checksum = peer.checksum;
    const Looked empty = look(scenes, peer, options.threads);
    for (const EvaluationSet& set : sets) {
      Looked looked = look(set.photos, peer, options.threads);
      looked.photos.insert(looked.photos.end(), empty.photos.begin(), empty.photos.end());
      rows.push_back({measure_detections(set.name, peer.name, looked.photos), record});
      rows.back().figures.unreadable = looked.unreadable;
      std::cout << set.name << ", " << peer.name << ": "
                << percent(rows.back().figures.at_hundredth.recall)
                << " % at 0.01 false positives a photo, "
                << percent(rows.back().figures.at_tenth.recall) << " % at 0.1\n"
                << std::flush;
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const MeasuredRow& a, const MeasuredRow& b) {
    const auto place = [&](const MeasuredRow& row) {
      return std::find_if(sets.begin(), sets.end(),
                          [&](const EvaluationSet& set) { return set.name == row.figures.set; });
    };
    return place(a) < place(b);
  });
  fs::create_directories(options.out);
  write_csv(options.out / "localisation-peers.csv", figures_table(rows));
  write_csv(options.out / "localisation-peers-roc.csv", curves_table(rows));
  return 0;
}

}  // namespace
}  // namespace facet::bench

int main(int argument_count, char** arguments) {
  CLI::App app("Other face detectors on the photos of facet eval localisation");
  facet::bench::Options options;
  app.add_option("--data", options.data, "Folder of the collections")->required();
  app.add_option("--model", options.model, "facet's model (default: the one predict would use)");
  app.add_option("--cascade", options.cascade, "Haar cascade")->capture_default_str();
  app.add_option("--ultraface", options.ultraface,
                 "UltraFace's .caffemodel, its .prototxt beside it; left out without it");
  app.add_option("--out", options.out, "Folder of the CSV files")->capture_default_str();
  app.add_option("--threads", options.threads, "Photos side by side");
  app.add_option("--limit", options.limit, "At most so many photos a set; 0: all");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    return facet::bench::run(options);
  } catch (const std::exception& error) {
    std::cerr << "localisation_peers: " << error.what() << '\n';
    return 2;
  }
}
