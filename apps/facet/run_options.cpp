// SPDX-License-Identifier: Apache-2.0
#include "run_options.hpp"

#include <unistd.h>

#include <algorithm>
#include <thread>

namespace facet::cli {
namespace {

constexpr const char* kAutomatic = "auto";

}  // namespace

void add_input_options(CLI::App& command, RunOptions& options) {
  command.add_option("paths", options.paths, "Photos, folders, or - for a list on standard input")
      ->required()
      ->type_name("PATH");
  command.add_flag("-0,--null", options.nul,
                   "Paths of the list are separated by NUL, as find -print0 writes them (seen by "
                   "itself in most lists)");
  command
      .add_option("-m,--model", options.model,
                  "Model file (default: $FACET_MODEL, then the one installed)")
      ->type_name("FILE");
  command
      .add_option("--threshold", options.threshold,
                  "Score from which a window is a face (default: the model's)")
      ->type_name("SCORE");
  command
      .add_option_function<std::string>(
          "--min-size",
          [&options](const std::string& text) {
            options.min_face.reset();
            if (text != kAutomatic) options.min_face = std::stof(text);
          },
          "Smallest face height looked for: pixels, or auto, the larger of the model's and 2.35 % "
          "of the photo's long side")
      ->check([](const std::string& text) {
        return text == kAutomatic ? std::string() : CLI::Range(8.0, 100'000.0)(text);
      })
      ->type_name("PIXELS")
      ->default_str(kAutomatic);
  command.add_option("--max-pixels", options.max_pixels, "Refuse photos with more pixels")
      ->check([](const std::string& text) {
        return text.starts_with('-') || text == "0" ? "must be positive" : std::string();
      })
      ->type_name("N")
      ->capture_default_str();
  command.add_flag(
      "--tolerant", options.tolerant,
      "Also photos of which pixels are missing or wrong: what is there, with a warning");
  command.add_option("--threads", options.threads, "Cores to use (default: all)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
}

void add_run_options(CLI::App& command, RunOptions& options) {
  add_input_options(command, options);
  add_proposals(command, options.proposals);
  add_turns(command, options.turns);
  add_precision(command, options.precision);
  command.add_option("-o,--output", options.output, "Write the result to this file")
      ->type_name("FILE");
  add_overwrite(command, options.overwrite);
  command
      .add_option("--max-faces", options.max_faces, "At most so many faces a photo, the strongest")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
}

void add_overwrite(CLI::App& command, bool& overwrite) {
  command.add_flag("--overwrite", overwrite,
                   "Also replace files that facet did not write (never those it reads)");
}

void add_threshold_mode(CLI::App& command, ThresholdMode& mode) {
  const std::string accuracy = threshold_mode_name(ThresholdMode::accuracy);
  const std::string balanced = threshold_mode_name(ThresholdMode::balanced);
  command
      .add_option_function<std::string>(
          "--threshold-mode",
          [&mode, balanced](const std::string& name) {
            mode = name == balanced ? ThresholdMode::balanced : ThresholdMode::accuracy;
          },
          "What thresholds of attributes are best for: accuracy, or balanced accuracy")
      ->check(CLI::IsMember({accuracy, balanced}))
      ->type_name("MODE")
      ->default_str(accuracy);
}

void add_proposals(CLI::App& command, Proposals& proposals) {
  command
      .add_option_function<std::string>(
          "--proposals",
          [&proposals](const std::string& name) {
            proposals = name == "edgeboxes" ? Proposals::edgeboxes : Proposals::evidence;
          },
          "Who proposes windows: LNet's own evidence, or edgeboxes as in the paper (needs its "
          "module; scores are of another kind)")
      ->check(CLI::IsMember({"evidence", "edgeboxes"}))
      ->type_name("WAY")
      ->default_str("evidence");
}

void add_turns(CLI::App& command, Turns& turns) {
  command
      .add_option_function<std::string>(
          "--turns",
          [&turns](const std::string& name) {
            turns = name == "all" ? Turns::all : name == "none" ? Turns::none : Turns::automatic;
          },
          "Look at a photo turned by 90, 180 and 270 degrees, too: auto, where nothing was found "
          "or "
          "the face seems to lie; none; or all, always")
      ->check(CLI::IsMember({"auto", "none", "all"}))
      ->type_name("WHEN")
      ->default_str("auto");
}

void add_precision(CLI::App& command, Precision& precision) {
  const std::vector<Precision> all = {Precision::automatic, Precision::fp32, Precision::bf16};
  std::vector<std::string> names;
  for (const Precision one : all) names.emplace_back(precision_name(one));
  command
      .add_option_function<std::string>(
          "--precision",
          [&precision, all](const std::string& name) {
            for (const Precision one : all) {
              if (name == precision_name(one)) precision = one;
            }
          },
          "How networks compute: fp32; bf16, where the processor has it; or auto, ANet at bf16 "
          "where it can be and the rest at fp32")
      ->check(CLI::IsMember(names))
      ->type_name("HOW")
      ->default_str(precision_name(precision));
}

int thread_count(const RunOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::filesystem::path model_file(const std::string& file) {
  return file.empty() ? Model::find_default() : std::filesystem::path(file);
}

std::shared_ptr<const Model> load_model(const std::string& file) {
  return Model::load(model_file(file));
}

detail::OutputGuard guard_of(const RunOptions& options, std::span<const detail::PhotoFile> photos) {
  detail::OutputGuard guard(options.overwrite);
  for (const detail::PhotoFile& photo : photos) guard.protect(photo.file);
  guard.protect(model_file(options.model));
  guard.protect(STDIN_FILENO);
  return guard;
}

std::string model_title(const Model& model) {
  return model.version().empty() ? model.name() : model.name() + ' ' + model.version();
}

}  // namespace facet::cli
