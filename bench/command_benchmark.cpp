// SPDX-License-Identifier: Apache-2.0
// The command as users run it: cold start, the stages of a photo, photos a second over a folder,
// and how cost and memory grow with the photo's side, its faces, threads and photos. Expects the
// photos of prepare_photos.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "facet/error.hpp"
#include "speed_row.hpp"

namespace facet::bench {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path facet;
  fs::path model;
  fs::path photos;  // that prepare_photos wrote
  fs::path scratch;
  std::string photos_from;
  std::vector<std::string> precisions = {"fp32"};
  int repetitions = 5;
  double seconds = 5;
  std::size_t count = 1000;        // photos of which photos a second are told
  std::size_t growth_to = 10'000;  // photos of the largest folder
  int largest_side = 4000;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) result.push_back(cell);
  return result;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class CommandBenchmark {
 public:
  explicit CommandBenchmark(Options options) : options_(std::move(options)) {
    row_.implementation = "facet";
    row_.model = options_.model.stem().string();
  }

  void run() {
    for (const std::string& precision : options_.precisions) {
      row_.precision = precision;
      cold_start();
      for (const int threads : {1, 2}) {
        row_.threads = threads;
        stages();
        throughput();
      }
    }
    row_.precision = options_.precisions.front();
    for (const int threads : {1, 2}) {
      row_.threads = threads;
      growth("side", "sides", "photo side of ");
      growth("faces", "faces", "faces in 1200x1200: ");
      growth_of_photos();
    }
  }

 private:
  void print(const std::string& what, const Spread& value, const std::string& unit,
             const std::string& remark = {}) {
    row_.what = what;
    row_.value = value;
    row_.unit = unit;
    row_.remark = remark;
    std::cout << row_line(row_) << std::flush;
  }

  [[nodiscard]] std::vector<std::string> command(const std::string& name) const {
    std::vector<std::string> words = {
        options_.facet.string(), name,        "--model",
        options_.model.string(), "--threads", std::to_string(row_.threads)};
    // A command without the option computes at fp32.
    if (row_.precision != "fp32" || options_.precisions.size() > 1) {
      words.insert(words.end(), {"--precision", row_.precision});
    }
    return words;
  }

  ChildRun predict(const fs::path& photos) {
    std::vector<std::string> words = command("predict");
    words.insert(words.end(), {"--format", "json", "--output",
                               (options_.scratch / "answers.json").string(), photos.string()});
    return run_child(words);
  }

  void cold_start() {
    row_.threads = 2;
    std::vector<double> times;
    std::vector<double> memory;
    for (int i = 0; i < 3 * options_.repetitions; ++i) {
      const ChildRun run = predict(options_.photos / "portrait.jpg");
      times.push_back(run.milliseconds);
      memory.push_back(run.peak_mebibytes);
    }
    print("cold start to the answer for a 300x300 photo", spread_of(times), "ms",
          "the whole process");
    print("peak memory of a 300x300 photo", spread_of(memory), "MiB");
  }

  // The stages that facet bench tells of one photo.
  std::map<std::string, Spread> stage_times(const fs::path& photo, double seconds,
                                            std::vector<std::string>* order = nullptr) {
    std::vector<std::string> words = command("bench");
    words.insert(words.end(),
                 {"--format", "csv", "--seconds", std::to_string(seconds), photo.string()});
    std::istringstream lines(run_child(words).out);
    std::string line;
    std::getline(lines, line);
    const std::vector<std::string> columns = cells(line);
    std::map<std::string, Spread> times;
    while (std::getline(lines, line)) {
      const std::vector<std::string> values = cells(line);
      const auto number = [&](const char* column) {
        const auto found = std::find(columns.begin(), columns.end(), column);
        if (found == columns.end()) throw Error(ErrorCode::io, "facet bench tells no " + line);
        return std::stod(values.at(static_cast<std::size_t>(found - columns.begin())));
      };
      times[values.at(0)] = {number("minimum"), number("milliseconds"), number("maximum")};
      if (order != nullptr) order->push_back(values.at(0));
    }
    return times;
  }

  void stages() {
    std::vector<std::string> order;
    const auto times = stage_times(options_.photos / "portrait.jpg", options_.seconds, &order);
    for (const std::string& stage : order) {
      print("stage of a 300x300 photo: " + stage, times.at(stage), "ms", "one face");
    }
  }

  // A folder of so many links to the photos, again and again where there are fewer.
  fs::path folder_of(std::size_t count) {
    const fs::path folder = options_.scratch / (std::to_string(count) + "_photos");
    fs::remove_all(folder);
    fs::create_directories(folder);
    const std::vector<fs::path> files = files_in(options_.photos / "photos");
    for (std::size_t i = 0; i < count; ++i) {
      fs::create_symlink(fs::absolute(files.at(i % files.size())),
                         folder / (std::to_string(i) + ".jpg"));
    }
    return folder;
  }

  void throughput() {
    const fs::path folder = folder_of(options_.count);
    std::vector<double> rates;
    for (int i = 0; i < options_.repetitions; ++i) {
      rates.push_back(1000 * static_cast<double>(options_.count) / predict(folder).milliseconds);
    }
    print("photos a second", spread_of(rates), "photos/s",
          std::to_string(options_.count) + " photos from " + options_.photos_from +
              "; decoding and start-up included; 40 attributes a face");
  }

  void growth(const std::string& name, const std::string& folder, const std::string& title) {
    std::vector<fs::path> files = files_in(options_.photos / folder);
    const auto size = [](const fs::path& file) { return std::stoi(file.stem().string()); };
    std::sort(files.begin(), files.end(),
              [&](const fs::path& a, const fs::path& b) { return size(a) < size(b); });
    for (const fs::path& file : files) {
      if (size(file) > options_.largest_side) break;
      const std::string what = "growth with " + name + ": " + title + file.stem().string();
      const auto times = stage_times(file, options_.seconds / 5);
      print(what, times.at("whole prediction"), "ms", "decoding included");
      print(what, spread_of({predict(file).peak_mebibytes}), "MiB", "peak memory of the command");
    }
  }

  void growth_of_photos() {
    // What grows is known from two threads; one would take minutes more to say the same.
    const std::size_t most =
        row_.threads == 1 ? std::min(options_.count, options_.growth_to) : options_.growth_to;
    for (std::size_t count = 10; count <= most; count *= 10) {
      const ChildRun run = predict(folder_of(count));
      const std::string what = "growth with photos: " + std::to_string(count);
      print(what, spread_of({run.milliseconds / 1000}), "s", "the whole process");
      print(what, spread_of({run.peak_mebibytes}), "MiB", "peak memory of the command");
    }
  }

  Options options_;
  SpeedRow row_;
};

}  // namespace
}  // namespace facet::bench

int main(int argument_count, char** arguments) {
  CLI::App app("Times the facet command");
  facet::bench::Options options;
  app.add_option("--facet", options.facet, "The command")->required();
  app.add_option("--model", options.model, "Model file")->required();
  app.add_option("--photos", options.photos, "Folder that prepare_photos wrote")->required();
  app.add_option("--photos-from", options.photos_from, "What photos/ holds, for the remark");
  app.add_option("--scratch", options.scratch, "Folder for what it writes")->required();
  app.add_option("--precisions", options.precisions, "Values of --precision; fp32 first");
  app.add_option("--repetitions", options.repetitions, "How often a folder is predicted");
  app.add_option("--seconds", options.seconds, "How long stages are measured");
  app.add_option("--count", options.count, "Photos of which photos a second are told");
  app.add_option("--growth-to", options.growth_to, "Photos of the largest folder");
  app.add_option("--largest-side", options.largest_side, "Of the photos of growing side");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    std::filesystem::create_directories(options.scratch);
    facet::bench::CommandBenchmark(options).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "command_benchmark: " << error.what() << '\n';
    return 2;
  }
}
