// SPDX-License-Identifier: Apache-2.0
#include "command_data.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "dataset/commands.hpp"
#include "dataset/dataset.hpp"
#include "pack/pack_writer.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct CheckArguments {
  std::string folder;
  bool decode = false;
};

int run_check(const CheckArguments& arguments) {
  const auto findings = check_collection(arguments.folder, arguments.decode);
  std::cout << format_findings(findings);
  return has_errors(findings) ? 1 : 0;
}

struct PackArguments {
  std::string folder;
  std::string out;
  PackSelection selection;
  PackOptions options;
};

int run_pack(const PackArguments& arguments) {
  const Collection collection = read_collection(arguments.folder);
  const auto photos = select_photos(collection, arguments.selection);
  std::vector<std::string> skipped;
  const int packed = write_pack(collection, photos, arguments.out, arguments.options, skipped);
  for (const std::string& line : skipped) std::cerr << "facet: skipped " << line << "\n";
  std::cerr << "facet: " << packed << " photos packed as " << arguments.options.name << " in "
            << arguments.out << "\n";
  return skipped.empty() ? 0 : 1;
}

void add_check(CLI::App& data, std::function<int()>& action) {
  auto arguments = std::make_shared<CheckArguments>();
  CLI::App* check = data.add_subcommand(
      "check", "Recognise a collection and say what is missing, miscounted or unreadable");
  check->add_option("DIR", arguments->folder, "CelebA, LFWA, folders of categories or of photos")
      ->required();
  check->add_flag("--decode", arguments->decode, "Also read every photo");
  check->callback([arguments, &action] { action = [arguments] { return run_check(*arguments); }; });
}

void add_pack(CLI::App& data, std::function<int()>& action) {
  auto arguments = std::make_shared<PackArguments>();
  CLI::App* pack = data.add_subcommand("pack", "Write photos as JPEG in shards for training");
  pack->add_option("DIR", arguments->folder, "CelebA, LFWA, folders of categories or of photos")
      ->required();
  pack->add_option("--out", arguments->out, "Folder for the pack")->required();
  pack->add_option("--name", arguments->options.name, "Name of the pack")->required();
  pack->add_option("--max-side", arguments->options.max_side, "Shrink photos to this long side")
      ->check(CLI::PositiveNumber);
  pack->add_option("--quality", arguments->options.jpeg_quality, "JPEG quality")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  pack->add_option("--partition", arguments->selection.partitions,
                   "Only photos of this partition (may be repeated)")
      ->check(CLI::Range(0, 2));
  const std::map<std::string, ScenePart> parts = {{"train", ScenePart::train},
                                                  {"threshold", ScenePart::threshold},
                                                  {"measure", ScenePart::measure}};
  pack->add_option_function<ScenePart>(
          "--scenes", [arguments](const ScenePart& part) { arguments->selection.scenes = part; },
          "Only this part of the scenes, by their sorted names: train, threshold or measure")
      ->transform(CLI::CheckedTransformer(parts));
  pack->add_option("--limit", arguments->selection.limit, "At most so many photos, spread evenly")
      ->check(CLI::PositiveNumber);
  pack->add_option("--threads", arguments->options.threads, "Threads that decode and encode")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_overwrite(*pack, arguments->options.overwrite);
  pack->callback([arguments, &action] { action = [arguments] { return run_pack(*arguments); }; });
}

}  // namespace

void add_data_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* data = app.add_subcommand("data", "Check and pack photo collections");
  data->require_subcommand(1);
  add_check(*data, action);
  add_pack(*data, action);
}

}  // namespace facet::cli
