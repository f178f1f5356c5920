// SPDX-License-Identifier: Apache-2.0
// facet-train: trains the networks of a recipe. The one program that links libtorch; `facet train`
// starts it.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <limits>

#include "base/temporary_file.hpp"
#include "facet/error.hpp"
#include "recipe/recipe.hpp"
#include "teacher_stage.hpp"
#include "trainer.hpp"

namespace {

// A training step allocates and frees the same large tensors over and over. Given back to the
// system each time, their pages are cleared anew in every step: a third of the step's time.
void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 256 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  facet::detail::remove_temporary_files_when_stopped();
  CLI::App app{"Trains the networks of a recipe. Usually started by `facet train`."};
  std::string recipe_path;
  std::string only;
  bool rehearse = false;
  facet::training::TrainerOptions options;
  app.add_option("recipe", recipe_path, "recipe in TOML")->required();
  app.add_option("--data", options.data, "folder of packs (facet data pack)")->required();
  app.add_option("--collections", options.collections, "folder of the collections (a teacher's)");
  app.add_option("--out", options.out, "folder for the stages' results")->required();
  app.add_option("--stage", only, "run this stage alone");
  app.add_flag("--resume", options.resume, "go on from the last checkpoint");
  app.add_flag("--rehearse", rehearse, "every stage on few photos");
  app.add_option("--steps", options.stop_after, "stop with a checkpoint after so many steps")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads, "cores to use")->check(CLI::Range(1, 256));
  app.add_option("--device", options.device, "auto, cpu or cuda");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto recipe = facet::detail::Recipe::read(recipe_path, rehearse);
    bool found = false;
    for (const auto& stage : recipe.stages()) {
      if (!only.empty() && stage.name != only) continue;
      found = true;
      if (stage.kind == facet::detail::StageKind::teacher) {
        facet::training::run_teacher_stage(recipe, stage, options);
      } else {
        facet::training::run_stage(recipe, stage, options);
      }
    }
    if (!found)
      throw facet::Error(facet::ErrorCode::invalid_argument,
                         recipe_path + ": has no stage '" + only + "'");
  } catch (const std::exception& error) {
    std::cerr << "facet-train: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
