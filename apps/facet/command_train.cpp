// SPDX-License-Identifier: Apache-2.0
#include "command_train.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "exit_code.hpp"
#include "facet/error.hpp"
#include "recipe/recipe.hpp"
#include "stages/restored_stages.hpp"
#include "stages/stage_context.hpp"

extern char** environ;

namespace facet::cli {
using namespace detail;
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
  std::string recipe;
  std::string data;
  std::string out;
  std::string stage;
  std::string from;
  std::string restore;
  std::string device = "auto";
  bool resume = false;
  bool rehearse = false;
  int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
};

fs::path companion_path() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path companion = self.parent_path() / "facet-train";
  if (error || !fs::exists(companion, error)) {
    throw Error(ErrorCode::not_found, "training needs the program facet-train beside facet (" +
                                          companion.string() +
                                          "); build it with -DFACET_TRAINING=ON");
  }
  return companion;
}

// A rehearsal never touches what hours of training left.
fs::path out_folder(const TrainOptions& options) {
  return options.rehearse ? fs::path(options.out) / "rehearsal" : fs::path(options.out);
}

// Networks are trained by the companion, the one program that links libtorch.
void run_companion(const Stage& stage, const TrainOptions& options, const fs::path& packs) {
  std::vector<std::string> words = {companion_path().string(),
                                    options.recipe,
                                    "--data",
                                    packs.string(),
                                    "--collections",
                                    options.data,
                                    "--out",
                                    out_folder(options).string(),
                                    "--stage",
                                    stage.name,
                                    "--threads",
                                    std::to_string(options.threads),
                                    "--device",
                                    options.device};
  if (options.resume) words.emplace_back("--resume");
  if (options.rehearse) words.emplace_back("--rehearse");
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, words.front().c_str(), nullptr, nullptr, pointers.data(), environ);
  if (failure != 0) {
    throw Error(ErrorCode::io, "cannot start " + words.front() + ": " + std::strerror(failure));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(ErrorCode::io, "stage '" + stage.name +
                                   "' did not finish; --resume goes on from "
                                   "its last checkpoint");
  }
}

int train(const TrainOptions& options) {
  try {
    const Recipe recipe = Recipe::read(options.recipe, options.rehearse);
    StageContext context;
    context.recipe = &recipe;
    context.data = options.data;
    context.out = out_folder(options);
    context.packs = context.out / "packs";
    context.revision = FACET_REVISION;
    context.seed = recipe.seed();
    context.threads = options.threads;
    context.log = [](const std::string& line) { std::cerr << line << '\n'; };
    if (!options.restore.empty()) {
      if (options.stage.empty() && options.from.empty()) {
        throw Error(ErrorCode::invalid_argument,
                    "--restore needs --from or --stage: what is to be trained from there on");
      }
      for (const auto& name : restore_stages(recipe, options.restore, context.out)) {
        context.log("stage " + name + " restored from " + options.restore);
      }
    }
    const std::string first = options.stage.empty() ? options.from : options.stage;
    bool found = false;
    for (const Stage& stage : recipe.stages()) {
      if (stage.name == first || first.empty()) found = true;
      if (!found || (!options.stage.empty() && stage.name != options.stage)) continue;
      if (traits(stage.kind).runner == StageRunner::inference) {
        run_inference_stage(stage, context);
      } else {
        run_companion(stage, options, context.packs);
      }
    }
    if (!found) {
      throw Error(ErrorCode::invalid_argument, options.recipe + ": has no stage '" + first + "'");
    }
  } catch (const std::exception& error) {
    std::cerr << "facet: " << error.what() << '\n';
    return exit_failed;
  }
  return exit_ok;
}

}  // namespace

void add_train_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("train", "Train a model: the stages of a recipe, in order");
  const auto options = std::make_shared<TrainOptions>();
  sub->add_option("recipe", options->recipe, "recipe, e.g. recipes/paper.toml")->required();
  sub->add_option("--data", options->data, "folder of the collections (celeba, lfwa, scenes, …)")
      ->required();
  sub->add_option("--out", options->out, "folder for packs and the stages' results")->required();
  auto* stage = sub->add_option("--stage", options->stage, "run this stage alone");
  sub->add_option("--from", options->from, "run this stage and those after it: the others are done")
      ->excludes(stage);
  sub->add_option("--restore", options->restore,
                  "put what a model of this recipe holds in place of the stages that made it; with "
                  "--stage or --from")
      ->check(CLI::ExistingFile);
  sub->add_flag("--resume", options->resume, "go on from the last checkpoint");
  sub->add_flag("--rehearse", options->rehearse,
                "every stage on few photos, in minutes, into OUT/rehearsal: to see that all runs");
  sub->add_option("--threads", options->threads, "cores to use")->check(CLI::Range(1, 256));
  sub->add_option("--device", options->device, "auto, cpu or cuda");
  sub->callback([options, &action] { action = [options] { return train(*options); }; });
}

}  // namespace facet::cli
