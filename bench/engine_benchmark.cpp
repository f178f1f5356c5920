// SPDX-License-Identifier: Apache-2.0
// The same networks by facet and by OpenCV's DNN module, on what they see of real photos brought to
// 300×300. Compares their answers first (exit code 1 where they differ), then, unless asked to
// compare only, times them in turn. Only the networks' own work is timed; facet's time holds the
// conversion of its input from bytes, the peer's does not.
#include <omp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "facet_engine.hpp"
#include "image/resample.hpp"
#include "network_inputs.hpp"
#include "opencv_engine.hpp"
#include "speed_row.hpp"
#include "workload_file.hpp"

namespace facet::bench {
using namespace detail;
namespace {

namespace fs = std::filesystem;

constexpr int photo_side = 300;
constexpr float largest_difference = 1e-4F;  // of the largest value of an answer
constexpr std::size_t photos_with_answers = 3;
const std::vector<std::string> networks = {"lnet_o", "lnet_s", "aligner", "anet"};

struct Options {
  fs::path model;
  fs::path onnx;
  fs::path photos;
  fs::path workload;
  std::size_t count = 100;
  int passes = 10;
  bool compare_only = false;
};

// Photos that show a face, so that every network has work.
std::vector<PhotoInputs> inputs_of(const std::shared_ptr<const Model>& model,
                                   const Options& options) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(options.photos)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<PhotoInputs> all;
  for (const fs::path& file : files) {
    if (all.size() == options.count) break;
    PhotoInputs inputs = network_inputs(model, resize(read_image(file), photo_side, photo_side));
    if (inputs.faces > 0) all.push_back(std::move(inputs));
  }
  if (all.empty()) {
    throw Error(ErrorCode::not_found, options.photos.string() + ": no photo with a face");
  }
  return all;
}

class Contest {
 public:
  Contest(const std::shared_ptr<const Model>& model, const fs::path& onnx)
      : facet_(model), facet_by_default_(model, Precision::automatic) {
    for (const std::string& network : networks) {
      if (facet_.has(network)) opencv_.emplace(network, onnx / (network + ".onnx"));
    }
  }

  [[nodiscard]] FacetEngine& facet() { return facet_; }

  // The largest difference over all batches, in parts of the largest value of an answer.
  float difference(const std::vector<PhotoInputs>& photos) {
    float apart = 0;
    for (const PhotoInputs& photo : photos) {
      std::vector<float> features;
      for (const NetworkBatch& batch : photo.batches) {
        const FeatureMap& ours = facet_.run(batch);
        apart = std::max(apart, compare(ours, opencv(batch.network).run(to_blob(batch.images))));
        if (batch.network == "anet") {
          features.insert(features.end(), ours.values.begin(), ours.values.end());
        }
      }
      if (facet_.in_one_pass()) {
        apart = std::max(apart, compare(facet_.run_one_pass(photo.regions).values, features));
      }
    }
    return apart;
  }

  // Milliseconds a photo of each network, over all photos.
  std::map<std::string, double> time_facet(const std::vector<PhotoInputs>& photos, bool one_pass) {
    return time_engine(facet_, photos, one_pass);
  }

  // The same at the precision that a prediction takes where nobody says.
  std::map<std::string, double> time_by_default(const std::vector<PhotoInputs>& photos) {
    return time_engine(facet_by_default_, photos, facet_by_default_.in_one_pass());
  }

  std::map<std::string, double> time_opencv(const std::vector<PhotoInputs>& photos) {
    std::map<std::string, double> times;
    for (const PhotoInputs& photo : photos) {
      for (const NetworkBatch& batch : photo.batches) {
        const cv::Mat blob = to_blob(batch.images);
        times[batch.network] += milliseconds([&] { opencv(batch.network).run(blob); });
      }
    }
    return per_photo(std::move(times), photos.size());
  }

 private:
  OpencvEngine& opencv(const std::string& network) { return opencv_.at(network); }

  static std::map<std::string, double> time_engine(FacetEngine& engine,
                                                   const std::vector<PhotoInputs>& photos,
                                                   bool one_pass) {
    std::map<std::string, double> times;
    for (const PhotoInputs& photo : photos) {
      for (const NetworkBatch& batch : photo.batches) {
        if (one_pass && batch.network == "anet") continue;
        times[batch.network] += milliseconds([&] { engine.run(batch); });
      }
      if (one_pass) times["anet"] += milliseconds([&] { engine.run_one_pass(photo.regions); });
    }
    return per_photo(std::move(times), photos.size());
  }

  static std::map<std::string, double> per_photo(std::map<std::string, double> times,
                                                 std::size_t photos) {
    double all = 0;
    for (auto& [network, time] : times) {
      time /= static_cast<double>(photos);
      all += time;
    }
    times["all"] = all;
    return times;
  }

  static float compare(const FeatureMap& ours, const cv::Mat& theirs) {
    const int sides[] = {ours.count, ours.channels, ours.height, ours.width};
    if (theirs.dims != 4 || !std::equal(std::begin(sides), std::end(sides), theirs.size.p)) {
      return INFINITY;
    }
    std::vector<float> values(ours.values.size());  // theirs, in our order
    std::size_t i = 0;
    for (int n = 0; n < ours.count; ++n) {
      for (int y = 0; y < ours.height; ++y) {
        for (int x = 0; x < ours.width; ++x) {
          for (int c = 0; c < ours.channels; ++c) {
            const int place[] = {n, c, y, x};
            values[i++] = theirs.at<float>(place);
          }
        }
      }
    }
    return compare(ours.values, values);
  }

  static float compare(const std::vector<float>& ours, const std::vector<float>& theirs) {
    if (ours.size() != theirs.size()) return INFINITY;
    float apart = 0;
    float largest = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      apart = std::max(apart, std::abs(ours[i] - theirs[i]));
      largest = std::max(largest, std::abs(ours[i]));
    }
    return largest > 0 ? apart / largest : INFINITY;
  }

  FacetEngine facet_;
  FacetEngine facet_by_default_;
  std::map<std::string, OpencvEngine> opencv_;
};

void write_workload(FacetEngine& engine, const std::vector<PhotoInputs>& photos,
                    const fs::path& folder) {
  WorkloadFile file(folder);
  for (std::size_t i = 0; i < photos.size(); ++i) {
    for (const NetworkBatch& batch : photos[i].batches) {
      file.add(i, batch, i < photos_with_answers ? &engine.run(batch) : nullptr);
    }
  }
  file.finish();
}

void print_rows(SpeedRow row, const std::vector<std::map<std::string, double>>& passes) {
  for (const auto& [network, first] : passes.front()) {
    std::vector<double> values;
    for (const auto& pass : passes) values.push_back(pass.at(network));
    row.value = spread_of(std::move(values));
    row.unit = "ms a photo";
    row.what = network == "all" ? "networks of a 300x300 photo" : network + " of a 300x300 photo";
    std::cout << row_line(row) << std::flush;
  }
}

void time_all(Contest& contest, const std::vector<PhotoInputs>& photos, const Model& model,
              const Options& options) {
  const bool one_pass = contest.facet().in_one_pass();
  const std::string over = std::to_string(photos.size()) + " photos";
  for (const int threads : {1, 2}) {
    omp_set_num_threads(threads);
    cv::setNumThreads(threads);
    std::vector<std::map<std::string, double>> ours;
    std::vector<std::map<std::string, double>> patch_by_patch;
    std::vector<std::map<std::string, double>> by_default;
    std::vector<std::map<std::string, double>> opencv;
    for (int pass = -1; pass < options.passes; ++pass) {
      const auto one = contest.time_facet(photos, one_pass);
      const auto two = one_pass ? contest.time_facet(photos, false) : one;
      const auto default_times = contest.time_by_default(photos);
      const auto three = contest.time_opencv(photos);
      if (pass < 0) continue;  // primitives and networks are made in the first
      ours.push_back(one);
      patch_by_patch.push_back(two);
      by_default.push_back(default_times);
      opencv.push_back(three);
    }
    SpeedRow row;
    row.model = model.name();
    row.threads = threads;
    row.implementation = "facet";
    row.remark = over + (one_pass ? "; anet in one pass" : "; anet patch by patch");
    print_rows(row, ours);
    if (one_pass) {
      row.implementation = "facet patch by patch";
      row.remark = over;
      print_rows(row, patch_by_patch);
    }
    row.implementation = "facet";
    row.precision = "auto";
    row.remark = over;
    print_rows(row, by_default);
    row.precision = "fp32";
    row.implementation = "OpenCV DNN";
    row.version = OpencvEngine::version();
    row.remark = over + "; its input is ready as floats";
    print_rows(row, opencv);
  }
}

int run(const Options& options) {
  const std::shared_ptr<const Model> model = Model::load(options.model);
  const std::vector<PhotoInputs> photos = inputs_of(model, options);
  Contest contest(model, options.onnx);
  const float apart = contest.difference(photos);
  std::cout << model->name() << ": OpenCV " << OpencvEngine::version()
            << " and one pass differ from facet's networks by " << apart
            << " of the largest value over " << photos.size() << " photos\n";
  if (!(apart <= largest_difference)) {
    std::cerr << "engine_benchmark: that is more than " << largest_difference << '\n';
    return 1;
  }
  if (!options.workload.empty()) write_workload(contest.facet(), photos, options.workload);
  if (!options.compare_only) time_all(contest, photos, *model, options);
  return 0;
}

}  // namespace
}  // namespace facet::bench

int main(int argument_count, char** arguments) {
  CLI::App app("facet's networks against OpenCV's DNN module");
  facet::bench::Options options;
  app.add_option("--model", options.model, "Model file")->required();
  app.add_option("--onnx", options.onnx, "Folder that facet model export wrote")->required();
  app.add_option("--photos", options.photos, "Folder of photos")->required();
  app.add_option("--workload", options.workload, "Also write the networks' inputs to this folder");
  app.add_option("--count", options.count, "Photos to use");
  app.add_option("--passes", options.passes, "How often each is timed");
  app.add_flag("--compare-only", options.compare_only, "Time nothing");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    return facet::bench::run(options);
  } catch (const std::exception& error) {
    std::cerr << "engine_benchmark: " << error.what() << '\n';
    return 2;
  }
}
