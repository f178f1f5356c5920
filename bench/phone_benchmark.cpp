// SPDX-License-Identifier: Apache-2.0
// Folders as people have them, through the command: photos of twelve megapixels, loose crops, one
// portrait. An earlier program may run in turn with this one, so that a noisy moment touches both.
// Expects the photos of prepare_photos.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"
#include "localise/pyramid.hpp"
#include "localise/smallest_face.hpp"
#include "model/model_access.hpp"
#include "model/network_cost.hpp"
#include "predict/prediction_cost.hpp"
#include "speed_row.hpp"
#include "tile_peak.hpp"

namespace facet::bench {
using namespace detail;
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path facet;
  fs::path earlier;  // another program, or empty
  fs::path model;
  fs::path earlier_model;  // of that program, which may not read today's; empty: the same
  fs::path photos;         // that prepare_photos wrote
  fs::path scratch;
  int repetitions = 5;
  std::size_t crops = 1000;
};

struct Folder {
  std::string what;
  fs::path photos;
  std::size_t count = 0;
  double giga_operations = 0;  // of convolutions, a photo
};

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// Of LNet_o, at all sizes that it looks for by default, and of what follows for so many faces.
// Each operation counts once, at whatever precision it is done.
double giga_operations(const ModelParts& parts, int width, int height, int faces) {
  constexpr int side = 512;
  const LocaliserSettings& settings = parts.localiser;
  double a_pixel = 0;
  for (const LayerCost& layer : layer_costs(parts.lnet_o->spec(), side)) {
    a_pixel += static_cast<double>(layer.multiply_adds) / side / side;
  }
  double sum = 0;
  for (const Level& level : pyramid_levels(width, height, smallest_face(settings, width, height),
                                           settings, settings.stride, true)) {
    sum += a_pixel * level.width * level.height;
  }
  const PredictionCost cost = prediction_cost(parts, 300);
  sum += static_cast<double>(faces) * static_cast<double>(cost.lnet_s + cost.aligner + cost.anet);
  return 2 * sum / 1e9;
}

class PhoneBenchmark {
 public:
  explicit PhoneBenchmark(Options options) : options_(std::move(options)) {
    row_.model = options_.model.stem().string();
    row_.precision = "auto";
    programs_.push_back({options_.facet, "facet", "", options_.model});
    if (!options_.earlier.empty()) {
      programs_.push_back(
          {options_.earlier, "facet, earlier", version_of(options_.earlier),
           options_.earlier_model.empty() ? options_.model : options_.earlier_model});
    }
  }

  void run() {
    const double peak = peaks();
    // First: a child's peak counts what this process has while it starts.
    single("12-megapixel photo", files_in(options_.photos / "phone/few").front());
    single("300x300 photo", options_.photos / "portrait.jpg");
    const std::shared_ptr<const Model> model = Model::load(options_.model);
    const ModelParts& parts = parts_of(*model);
    const auto folder = [&](const std::string& what, const char* name, int faces) {
      const fs::path photos = options_.photos / name;
      const std::vector<fs::path> files = files_in(photos);
      const Image first = read_image(files.front());
      return Folder{what, photos, files.size(),
                    giga_operations(parts, first.width, first.height, faces)};
    };
    for (const Folder& one :
         {folder("12-megapixel photos a second, one to three faces", "phone/few", 2),
          folder("12-megapixel photos a second, 29 faces", "phone/group", 29), crops(parts)}) {
      for (const int threads : {1, 2}) rates(one, threads, peak);
    }
  }

 private:
  struct Program {
    fs::path file;
    std::string name;
    std::string version;
    fs::path model;
  };

  static std::string version_of(const fs::path& program) {
    std::string text = run_child({program.string(), "--version"}).out;
    text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
    return text;
  }

  void print(const std::string& what, const Spread& value, const std::string& unit,
             const std::string& remark = {}) {
    row_.what = what;
    row_.value = value;
    row_.unit = unit;
    row_.remark = remark;
    std::cout << row_line(row_) << std::flush;
  }

  // Operations a second of one core at bf16.
  double peaks() {
    const double bf16 = bf16_peak();
    SpeedRow row;
    row.implementation = "processor";
    row.unit = "GFLOP/s";
    row.what = "limit: products of tiles on one core";
    for (const auto& [precision, rate] :
         std::map<std::string, double>{{"bf16", bf16}, {"int8", int8_peak()}}) {
      row.precision = precision;
      row.value = spread_of({rate / 1e9});
      row.remark = rate > 0 ? "AMX" : "this processor has no AMX";
      std::cout << row_line(row);
    }
    return bf16;
  }

  // A folder of links to loose crops, those that there are again and again.
  Folder crops(const ModelParts& parts) {
    const fs::path folder = options_.scratch / "crops";
    fs::remove_all(folder);
    fs::create_directories(folder);
    const std::vector<fs::path> files = files_in(options_.photos / "photos");
    for (std::size_t i = 0; i < options_.crops; ++i) {
      fs::create_symlink(fs::absolute(files.at(i % files.size())),
                         folder / (std::to_string(i) + ".jpg"));
    }
    return {"loose crops a second", folder, options_.crops, giga_operations(parts, 250, 250, 1)};
  }

  ChildRun predict(const Program& program, const fs::path& photos, int threads) {
    const fs::path answers = options_.scratch / "answers.json";
    fs::remove(answers);
    return run_child({program.file.string(), "predict", "--model", program.model.string(),
                      "--threads", std::to_string(threads), "--format", "json", "--output",
                      answers.string(), photos.string()});
  }

  void print_in_turn(const std::string& what, const std::string& unit, const std::string& remark,
                     const std::vector<std::vector<double>>& values, bool more_is_better) {
    for (std::size_t p = 0; p < programs_.size(); ++p) {
      row_.implementation = programs_[p].name;
      row_.version = programs_[p].version;
      print(what, spread_of(values[p]), unit, remark);
    }
    if (programs_.size() < 2) return;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < values[0].size(); ++i) {
      ratios.push_back(more_is_better ? values[0][i] / values[1][i] : values[1][i] / values[0][i]);
    }
    row_.implementation = "facet";
    row_.version.clear();
    print(what + ": times " + programs_[1].version, spread_of(ratios), "×", "in turn, run by run");
  }

  // What the programs took in turn, and how many times as good the first is, round by round.
  void in_turn(const std::string& what, const std::string& unit, const std::string& remark,
               const std::function<double(const Program&)>& measure, bool more_is_better) {
    std::vector<std::vector<double>> values(programs_.size());
    for (int i = 0; i < options_.repetitions; ++i) {
      values[0].push_back(measure(programs_[0]));
      if (programs_.size() < 2) continue;
      try {
        values[1].push_back(measure(programs_[1]));
      } catch (const Error& error) {  // 0.1 sometimes ends in one of oneDNN's kernels for AMX
        std::cout << "left out from here on: " << error.what() << '\n';
        programs_.resize(1);
      }
    }
    print_in_turn(what, unit, remark, values, more_is_better);
  }

  void rates(const Folder& folder, int threads, double peak) {
    row_.threads = threads;
    double best = 0;
    std::map<const Program*, std::vector<double>> processor;  // milliseconds a photo
    in_turn(
        folder.what, "photos/s",
        std::to_string(folder.count) + " photos; decoding and start-up included",
        [&](const Program& program) {
          const ChildRun run = predict(program, folder.photos, threads);
          const auto count = static_cast<double>(folder.count);
          const double rate = 1000 * count / run.milliseconds;
          processor[&program].push_back(run.processor_milliseconds / count);
          if (&program == &programs_.front()) best = std::max(best, rate);
          return rate;
        },
        true);
    std::vector<std::vector<double>> times;  // where the earlier one failed, of this one alone
    for (const Program& program : programs_) times.push_back(processor[&program]);
    print_in_turn(folder.what + ": processor time of a photo", "ms",
                  "of all threads; start-up included", times, false);
    if (peak <= 0) return;
    row_.implementation = "facet";
    std::ostringstream remark;
    remark << folder.giga_operations << " GFLOP of convolutions a photo";
    const double share = 100 * best * folder.giga_operations * 1e9 / peak / threads;
    print(folder.what + ": share of the limit at bf16", spread_of({share}), "%", remark.str());
  }

  void single(const std::string& name, const fs::path& photo) {
    row_.threads = 2;
    std::map<const Program*, double> memory;
    in_turn(
        "from start to the answer for a " + name, "ms", "the whole process",
        [&](const Program& program) {
          const ChildRun run = predict(program, photo, row_.threads);
          memory[&program] = run.peak_mebibytes;
          return run.milliseconds;
        },
        false);
    for (const Program& program : programs_) {
      row_.implementation = program.name;
      row_.version = program.version;
      print("peak memory of one " + name, spread_of({memory[&program]}), "MiB");
    }
  }

  Options options_;
  std::vector<Program> programs_;
  SpeedRow row_;
};

}  // namespace
}  // namespace facet::bench

int main(int argument_count, char** arguments) {
  CLI::App app("Times the facet command on folders as people have them");
  facet::bench::Options options;
  app.add_option("--facet", options.facet, "The command")->required();
  app.add_option("--earlier", options.earlier, "An earlier one, to run in turn");
  app.add_option("--model", options.model, "Model file")->required();
  app.add_option("--earlier-model", options.earlier_model,
                 "That command's model (default: the same)");
  app.add_option("--photos", options.photos, "Folder that prepare_photos wrote")->required();
  app.add_option("--scratch", options.scratch, "Folder for what it writes")->required();
  app.add_option("--repetitions", options.repetitions, "How often a folder is predicted");
  app.add_option("--crops", options.crops, "Loose crops of a folder");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    std::filesystem::create_directories(options.scratch);
    facet::bench::PhoneBenchmark(options).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "phone_benchmark: " << error.what() << '\n';
    return 2;
  }
}
