// SPDX-License-Identifier: Apache-2.0
#include "command_bench.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/thread_limit.hpp"
#include "describe/aligner.hpp"
#include "describe/describer.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "heads/linear_head.hpp"
#include "image/resample.hpp"
#include "image/turned_square.hpp"
#include "localise/localiser.hpp"
#include "localise/smallest_face.hpp"
#include "model/model_access.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct BenchCommand {
  std::string photo;
  std::string model;
  std::string format = "table";
  int threads = 0;  // 0: as many as the machine has
  Precision precision = Precision::automatic;
  double seconds = 5;
};

struct Timed {
  std::string stage;
  std::vector<double> milliseconds;

  [[nodiscard]] double median() {
    const auto middle = milliseconds.begin() + static_cast<std::ptrdiff_t>(milliseconds.size() / 2);
    std::nth_element(milliseconds.begin(), middle, milliseconds.end());
    return *middle;
  }
};

std::vector<std::byte> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::not_found, path + ": cannot be opened");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

// One photo's way through the pipeline, each part for itself. Some never run alone; their time is
// that of a longer part of the way less that of what comes before: proposals, LNet_s, ANet. The
// aligner is a stage of models that have one.
class Pipeline {
 public:
  Pipeline(std::shared_ptr<const Model> model, const std::string& path, int threads,
           Precision precision)
      : model_(std::move(model)),
        bytes_(read_bytes(path)),
        photo_(decode_image(bytes_)),
        localiser_(model_, precision),
        aligner_(model_, precision),
        describer_(model_, precision),
        predictor_(model_, threads, precision),
        head_(&find_head(parts_of(*model_), model_->heads().front())) {
    const PhotoResult found = predictor_.locate(photo_);
    for (const Face& face : found.faces) {
      boxes_.push_back(face.box);
      faces_.push_back({photo_, face.box});
    }
  }

  // Stages are run in turn, so that a noisy moment touches all of them.
  std::vector<Timed> measure(double seconds) {
    const float min_face = smallest_face(parts_of(*model_).localiser, photo_.width, photo_.height);
    std::vector<Timed> stages = {{"decode", {}}, {"LNet_o", {}},  {"proposals", {}},
                                 {"LNet_s", {}}, {"aligner", {}}, {"patches", {}},
                                 {"ANet", {}},   {"heads", {}},   {"whole prediction", {}}};
    std::vector<float> features;
    const auto face_count = boxes_.size();
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    for (int round = 0; round < kFewestRounds || Clock::now() < end; ++round) {
      const double decode = time([&] { (void)decode_image(bytes_); });
      const double maps = time([&] { (void)localiser_.maps(photo_, min_face); });
      const double proposals =
          time([&] { (void)localiser_.proposals(photo_, min_face, kMostFaces, false); });
      const double windows =
          time([&] { (void)localiser_.windows(photo_, min_face, kMostFaces, false); });
      const double aligned = time([&] { (void)aligner_.align(faces_); });
      const double patches = time([&] { cut_all(); });
      const double described =
          time([&] { features = describer_.features(photo_, boxes_, head_->feature_layer); });
      const double heads = time([&] {
        const std::size_t per_face = face_count > 0 ? features.size() / face_count : 0;
        for (std::size_t i = 0; i < face_count; ++i) {
          (void)calibrate(*head_,
                          head_scores(*head_, std::span(features).subspan(i * per_face, per_face),
                                      describer_.patches_per_face()));
        }
      });
      const double whole = time([&] { (void)predictor_.predict(photo_); });
      if (round == 0) continue;  // primitives are made in the first
      const double values[] = {decode,
                               maps,
                               std::max(0.0, proposals - maps),
                               std::max(0.0, windows - proposals),
                               aligned,
                               patches,
                               std::max(0.0, described - patches - aligned),
                               heads,
                               decode + whole};
      for (std::size_t i = 0; i < stages.size(); ++i) stages[i].milliseconds.push_back(values[i]);
    }
    if (!parts_of(*model_).aligner) {
      std::erase_if(stages, [](const Timed& stage) { return stage.stage == "aligner"; });
    }
    return stages;
  }

  [[nodiscard]] const Image& photo() const { return photo_; }
  [[nodiscard]] std::size_t faces() const { return boxes_.size(); }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kFewestRounds = 4;
  static constexpr int kMostFaces = 50;

  template <typename Work>
  static double time(const Work& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }

  // What the describer cuts: regions where they go through ANet in one pass, else patches.
  void cut_all() const {
    const detail::PatchSettings& settings = parts_of(*model_).patches;
    for (const Box& box : boxes_) {
      const FacePose pose = upright_pose(box);
      if (!describer_.in_one_pass()) {
        (void)cut_patches(photo_, pose, settings);
        continue;
      }
      const Image region = cut_square(photo_, face_region(pose, settings), settings.region_side);
      if (settings.mirrored) (void)mirror(region);
    }
  }

  std::shared_ptr<const Model> model_;
  std::vector<std::byte> bytes_;
  Image photo_;
  Localiser localiser_;
  Aligner aligner_;
  Describer describer_;
  Predictor predictor_;
  const detail::Head* head_;
  std::vector<Box> boxes_;
  std::vector<FaceInPhoto> faces_;
};

int bench(const BenchCommand& command) {
  const int threads = command.threads > 0
                          ? command.threads
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const std::shared_ptr<const Model> model = load_model(command.model);
  const ThreadLimit limit(threads);
  Pipeline pipeline(model, command.photo, threads, command.precision);
  std::vector<Timed> stages = pipeline.measure(command.seconds);
  const RunRecord record = record_run(*model, threads, command.precision);
  const double whole = stages.back().median();
  const bool csv = command.format == "csv";
  ResultTable table;
  table.columns = {"stage", "milliseconds", "percent"};
  for (Timed& stage : stages) {
    table.rows.push_back(
        {stage.stage, fixed(stage.median(), 2), fixed(100 * stage.median() / whole, 1)});
  }
  if (csv) {
    table.columns.insert(table.columns.end(), {"minimum", "maximum"});
    for (std::size_t i = 0; i < stages.size(); ++i) {
      const auto [least, most] =
          std::minmax_element(stages[i].milliseconds.begin(), stages[i].milliseconds.end());
      table.rows[i].insert(table.rows[i].end(), {fixed(*least, 2), fixed(*most, 2)});
    }
    table.columns.insert(table.columns.end(), {"photo", "width", "height", "faces"});
    const auto columns = record_columns();
    table.columns.insert(table.columns.end(), columns.begin(), columns.end());
    const auto fields = record_fields(record);
    for (auto& row : table.rows) {
      row.insert(row.end(),
                 {command.photo, std::to_string(pipeline.photo().width),
                  std::to_string(pipeline.photo().height), std::to_string(pipeline.faces())});
      row.insert(row.end(), fields.begin(), fields.end());
    }
    std::cout << table_csv(table);
    return exit_ok;
  }
  std::cout << command.photo << ": " << pipeline.photo().width << 'x' << pipeline.photo().height
            << ", " << pipeline.faces() << " faces"
            << ", medians of " << stages.front().milliseconds.size() << " rounds\n"
            << record_text(record) << table_text(table) << fixed(1000 / whole, 1)
            << " photos a second, one after the other\n";
  return exit_ok;
}

}  // namespace

void add_bench_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("bench", "Time the stages of a prediction on this machine");
  const auto command = std::make_shared<BenchCommand>();
  sub->add_option("photo", command->photo, "Photo to predict over and over")
      ->required()
      ->check(CLI::ExistingFile)
      ->type_name("FILE");
  sub->add_option("-m,--model", command->model,
                  "Model file (default: $FACET_MODEL, then the one installed)")
      ->type_name("FILE");
  sub->add_option("-f,--format", command->format, "Form of the result")
      ->check(CLI::IsMember({"table", "csv"}))
      ->capture_default_str();
  sub->add_option("--threads", command->threads, "Cores to use (default: all)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  add_precision(*sub, command->precision);
  sub->add_option("--seconds", command->seconds, "How long to measure")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  sub->footer("Example:\n  facet bench samples/astronaut.png --threads 1");
  sub->callback([command, &action] { action = [command] { return bench(*command); }; });
}

}  // namespace facet::cli
