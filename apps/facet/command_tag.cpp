// SPDX-License-Identifier: Apache-2.0
#include "command_tag.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "base/printable_text.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "facet/taught_head.hpp"
#include "index/run/indexed_photos.hpp"
#include "index/sidecars/indexed_tags.hpp"
#include "index/sidecars/tag_choice.hpp"
#include "index/sidecars/tag_writer.hpp"
#include "index/store/open_index.hpp"
#include "photo_run.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

namespace fs = std::filesystem;

struct TagCommand {
  RunOptions run;
  std::string head = "celeba";
  std::vector<std::string> extra_heads;
  bool indexed = false;
  std::string db;
  TagChoice choice;
  std::vector<std::string> attributes;
  std::string habit;
  TagOptions options;
  bool quiet = false;
};

constexpr const char* kWholeName = "photo.jpg.xmp";
constexpr const char* kWithoutType = "photo.xmp";

void say(const std::string& line) {
  std::cerr << "facet: " << printable_text(line) << '\n';
}

// "photo.jpg.xmp: +Smiling -Young, regions"
std::string change_text(const SidecarChange& change) {
  std::string text = change.sidecar.string() + ':';
  for (const std::string& tag : change.tags.added) text += " +" + tag;
  for (const std::string& tag : change.tags.removed) text += " -" + tag;
  if (change.regions) text += " regions";
  if (change.made) text += " (new)";
  if (change.removed) text += " (removed, nothing is left in it)";
  return printable_text(text);
}

TagHooks hooks_of(const TagCommand& command) {
  TagHooks hooks;
  hooks.changed = [&command](const SidecarChange& change) {
    if (!command.quiet) std::cout << change_text(change) << '\n';
  };
  hooks.failed = hooks.warned = say;
  return hooks;
}

std::string counted(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " sidecar " : " sidecars ");
}

int end_of_run(const TagCommand& command, const TagWriter& writer, std::size_t unreadable) {
  const TagCounts& counts = writer.counts();
  std::cout << counted(counts.written) << (command.options.dry_run ? "would be " : "")
            << (command.options.remove ? "cleared" : "written") << ", " << counts.unchanged
            << " as before";
  if (counts.failed > 0) std::cout << ", " << counts.failed << " failed";
  std::cout << std::endl;
  return counts.failed > 0 || unreadable > 0 ? exit_some_unreadable : exit_ok;
}

std::vector<fs::path> paths_of(const std::vector<PhotoFile>& photos) {
  std::vector<fs::path> paths;
  for (const PhotoFile& photo : photos) paths.push_back(photo.file);
  return paths;
}

int remove_tags(const TagCommand& command) {
  const PhotoList list = collect_photos(command.run);
  const std::vector<fs::path> paths = paths_of(list.photos);
  TagWriter writer(paths, command.options, hooks_of(command));
  std::size_t missing = 0;
  for (const PhotoFile& photo : list.photos) {
    if (photo.fault.empty()) {
      PhotoTags nothing;
      nothing.photo = photo.file;
      writer.add(std::move(nothing));
    } else {
      say(photo.shown + ": " + photo.fault);
      ++missing;
    }
  }
  return end_of_run(command, writer, missing);
}

int tag_from_index(TagCommand command) {
  const std::string location = index_location(command.db);
  (void)open_index(location);  // says where there is none, instead of making one
  const auto database = open_or_make_index(location);
  command.choice.attributes.insert(command.attributes.begin(), command.attributes.end());
  std::vector<PhotoRow> as_indexed;
  int code = exit_ok;
  {
    const SqlReading reading(*database);
    IndexedTags known(*database, command.choice);
    const std::vector<PhotoRow> rows = indexed_photos(*database, command.run.paths);
    std::vector<fs::path> paths;
    for (const PhotoRow& row : rows) paths.emplace_back(row.path());
    TagWriter writer(paths, command.options, hooks_of(command));
    for (const PhotoRow& row : rows) {
      if (is_as_indexed(row)) as_indexed.push_back(row);
    }
    std::size_t missing = 0;
    for (const PhotoRow& row : rows) {
      std::error_code error;
      if (fs::exists(row.path(), error)) {
        writer.add(known.of(row, command.options.regions));
      } else {
        say(row.path() + ": is not there");
        writer.pass_over(row.path());
        ++missing;
      }
    }
    code = end_of_run(command, writer, missing);
  }
  if (!command.options.dry_run) remember_sidecars(*database, as_indexed);
  return code;
}

PredictOptions predict_options(const TagCommand& command, const Model& model) {
  PredictOptions options;
  options.head = command.head;
  options.threshold_mode = command.choice.threshold_mode;
  options.locate.threshold = command.run.threshold;
  options.locate.min_face = command.run.min_face;
  for (const std::string& file : command.extra_heads) {
    options.extra_heads.push_back(TaughtHead::load(file));
    check_fit(options.extra_heads.back(), model);
  }
  return options;
}

std::vector<NamedRegion> regions_of(const PhotoResult& photo) {
  std::vector<NamedRegion> regions;
  for (const Face& face : photo.faces) {
    regions.push_back({{},
                       double{face.box.centre_x()} / photo.width,
                       double{face.box.centre_y()} / photo.height,
                       double{face.box.width} / photo.width,
                       double{face.box.height} / photo.height});
  }
  return regions;
}

int tag_from_predictions(TagCommand command) {
  const PhotoList list = collect_photos(command.run);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  const PredictOptions options = predict_options(command, *model);
  std::vector<std::string> names = model->attribute_names(command.head);
  for (const TaughtHead& head : options.extra_heads) names.push_back(head.name);
  command.choice.attributes = chosen_attributes(command.attributes, names);
  TagWriter writer(paths_of(list.photos), command.options, hooks_of(command));
  const MakeAskPhoto make_ask = [&](int threads) -> AskPhoto {
    const auto predictor = std::make_shared<Predictor>(model, threads, command.run.precision);
    return [&options, predictor](std::size_t, EncodedPhoto& photo) {
      return predictor->predict(photo, options);
    };
  };
  std::size_t next = 0;
  const std::size_t unreadable =
      ask_photos(list.photos, command.run, make_ask, false, [&](const PhotoResult& result) {
        const fs::path& photo = list.photos.at(next++).file;
        if (result.status == PhotoStatus::unreadable) return writer.pass_over(photo);
        PhotoTags tags{photo, tags_of(result, command.choice), {}, result.width, result.height};
        if (command.options.regions) tags.faces = regions_of(result);
        writer.add(std::move(tags));
      });
  return end_of_run(command, writer, unreadable);
}

int run(const TagCommand& command) {
  if (command.run.paths.empty() && (!command.indexed || command.options.remove)) {
    throw Error(ErrorCode::invalid_argument,
                "name the photos or folders to tag; with --indexed all photos of the index are "
                "tagged");
  }
  if (command.options.remove) return remove_tags(command);
  return command.indexed ? tag_from_index(command) : tag_from_predictions(command);
}

void add_options(CLI::App& sub, TagCommand& command) {
  sub.add_flag("--indexed", command.indexed,
               "From the index, with what people said, instead of looking at the photos anew");
  sub.add_option("--db", command.db,
                 "The index: a file, or postgresql://… (default: $FACET_DB, then "
                 "~/.local/share/facet/index.db); means --indexed")
      ->type_name("FILE|URL");
  sub.add_option("-a,--attributes", command.attributes,
                 "Only these, separated by commas (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAMES");
  sub.add_option("--min-probability", command.choice.least,
                 "Tag what is so probable (default: each attribute's own threshold)")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P");
  add_threshold_mode(sub, command.choice.threshold_mode);
  sub.add_flag("--regions", command.options.regions,
               "Also write where faces are (MWG regions); those of other programs stay");
  sub.add_flag("--remove", command.options.remove, "Take facet's tags and regions away");
  sub.add_flag("-n,--dry-run", command.options.dry_run, "Say what would be written");
  sub.add_option("--sidecars", command.habit,
                 "Name of a sidecar that is made: photo.jpg.xmp (digiKam, darktable) or photo.xmp "
                 "(Lightroom); one that is there is used")
      ->check(CLI::IsMember({kWholeName, kWithoutType}))
      ->default_str(kWholeName)
      ->type_name("NAME");
  sub.add_flag("-q,--quiet", command.quiet, "No line for each sidecar");
  add_precision(sub, command.run.precision);
  sub.add_option("--head", command.head, "Whose notion of the attributes: celeba or lfwa")
      ->type_name("NAME")
      ->capture_default_str();
  sub.add_option("--extra-head", command.extra_heads,
                 "Also the attribute of this head, made by facet teach (may be repeated)")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

}  // namespace

void add_tag_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub =
      app.add_subcommand("tag", "Write attributes as tags into XMP files beside photos");
  const auto command = std::make_shared<TagCommand>();
  add_input_options(*sub, command->run);
  sub->get_option("paths")->required(false);
  add_options(*sub, *command);
  sub->footer(
      R"(Photos are never written, and tags of other programs stay. A run makes facet's tags those that
hold now: dc:subject "Smiling", digiKam's facet/Smiling, Lightroom's facet|Smiling.

Examples:
  facet tag ~/Pictures --attributes Smiling,Eyeglasses --dry-run
  facet tag --indexed                             what the index knows, with corrections
  facet tag photo.cr2 --sidecars photo.xmp --regions
  facet tag ~/Pictures --remove)");
  sub->callback([command, &action] {
    action = [command] {
      command->indexed = command->indexed || !command->db.empty();
      if (command->habit == kWithoutType) command->options.habit = SidecarHabit::without_type;
      return run(*command);
    };
  });
}

}  // namespace facet::cli
