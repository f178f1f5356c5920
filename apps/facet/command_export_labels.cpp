// SPDX-License-Identifier: Apache-2.0
#include "command_export_labels.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/output_file.hpp"
#include "base/output_guard.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "index/labels/face_labels.hpp"
#include "index/labels/label_writer.hpp"
#include "index/run/file_scan.hpp"
#include "index/run/indexed_photos.hpp"
#include "index/store/open_index.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct ExportCommand {
  std::vector<std::string> paths;
  std::string db;
  std::string format = "jsonl";
  std::string output;
  std::string interface;
  bool overwrite = false;
  std::vector<std::string> attributes;
  std::size_t uncertain = 0;
  bool said = false;
  std::string relative_to;
  std::string url_prefix = LabelFormat().url_prefix;
};

std::unique_ptr<LabelWriter> writer_for(const ExportCommand& command, const LabelFormat& format,
                                        std::ostream& out) {
  if (command.format == "coco") return coco_labels(out, format);
  if (command.format == "label-studio") return label_studio_labels(out, format);
  if (command.format == "csv") return csv_labels(out, format);
  return jsonl_labels(out, format);
}

// Faces of which nobody said anything go.
void keep_said(LabelledPhotoRow& photo) {
  std::erase_if(photo.faces, [](const LabelledFace& face) {
    return std::none_of(face.labels.begin(), face.labels.end(),
                        [](const FaceLabel& label) { return label.said.has_value(); });
  });
}

int run(const ExportCommand& command) {
  if (!command.interface.empty() && command.format != "label-studio") {
    throw Error(ErrorCode::invalid_argument, "--interface goes with --format label-studio");
  }
  const auto database = open_index(index_location(command.db));
  const SqlReading reading(*database);
  LabelReader labels(*database, command.attributes);
  LabelFormat format;
  format.names = labels.names();
  format.model = labels.generation().model;
  format.asked = !command.attributes.empty();
  format.url_prefix = command.url_prefix;
  if (!command.relative_to.empty()) format.root = absolute_root(command.relative_to);

  OutputGuard guard(command.overwrite);
  if (!is_postgres_location(database->name())) guard.protect(database->name());
  OutputFile output(command.output, guard);
  if (!command.interface.empty()) {
    OutputFile interface(command.interface, guard);
    interface.stream() << label_studio_interface(format);
    interface.commit();
  }
  const std::unique_ptr<LabelWriter> writer = writer_for(command, format, output.stream());
  std::size_t faces = 0;
  const auto add = [&](LabelledPhotoRow photo) {
    if (command.said) keep_said(photo);
    if (photo.faces.empty()) return;
    faces += photo.faces.size();
    writer->add(photo);
  };
  const std::vector<PhotoRow> photos = indexed_photos(*database, command.paths);
  if (command.uncertain > 0) {
    for (LabelledPhotoRow& photo : labels.most_uncertain(photos, command.uncertain)) {
      add(std::move(photo));
    }
  } else {
    for (const PhotoRow& photo : photos) add(labels.read(photo));
  }
  writer->finish();
  output.commit();
  std::cerr << "facet: " << faces << (faces == 1 ? " face\n" : " faces\n");
  return exit_ok;
}

}  // namespace

void add_export_labels_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub =
      app.add_subcommand("export", "Write faces and labels of an index for labelling programs");
  const auto command = std::make_shared<ExportCommand>();
  sub->add_option("paths", command->paths, "Only photos at these paths, and below them")
      ->type_name("PATH");
  sub->add_option("--db", command->db,
                  "The index: a file, or postgresql://… (default: $FACET_DB, then "
                  "~/.local/share/facet/index.db)")
      ->type_name("FILE|URL");
  sub->add_option("-f,--format", command->format, "Form of the result")
      ->check(CLI::IsMember({"jsonl", "csv", "coco", "label-studio"}))
      ->capture_default_str();
  sub->add_option("-o,--output", command->output, "Write the result to this file")
      ->type_name("FILE");
  add_overwrite(*sub, command->overwrite);
  sub->add_option("-a,--attributes,--attribute", command->attributes,
                  "Only these, separated by commas; people are asked about just them")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAMES");
  sub->add_option("--uncertain", command->uncertain,
                  "The N faces that the model is least sure of, those first")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  sub->add_flag("--said", command->said, "Only faces about which people said something");
  sub->add_option("--relative-to", command->relative_to, "Write paths relative to this folder")
      ->type_name("DIR");
  sub->add_option("--url-prefix", command->url_prefix,
                  "With label-studio: what stands before the path of a photo")
      ->type_name("URL")
      ->capture_default_str();
  sub->add_option("--interface", command->interface,
                  "With label-studio: also write the labelling interface to this file")
      ->type_name("FILE");
  sub->footer(
      R"(What people correct comes back by facet label.

Examples:
  facet export --uncertain 200 --attribute Smiling --format label-studio -o tasks.json \
               --interface interface.xml
  facet export ~/Pictures/2019 --format coco -o faces.json
  facet export --said -o said.jsonl               for facet teach and facet eval)");
  sub->callback([command, &action] { action = [command] { return run(*command); }; });
}

}  // namespace facet::cli
