// SPDX-License-Identifier: Apache-2.0
#include "command_predict.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "facet/draw.hpp"
#include "facet/error.hpp"
#include "facet/taught_head.hpp"
#include "photo_run.hpp"
#include "photos/picture_folder.hpp"
#include "run_options.hpp"
#include "video_run.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct PredictCommand {
  RunOptions run;
  std::string head = "celeba";
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  std::vector<std::string> extra_heads;  // files
  std::string annotate_folder;
  VideoRunOptions video;
};

std::unique_ptr<ReportWriter> writer_for(const std::string& format, const ReportContext& context,
                                         std::ostream& out) {
  if (format == "json") return json_writer(out, context);
  if (format == "csv") return csv_writer(out, context);
  if (format == "attr-list") return attr_list_writer(out, context);
  return table_writer(out, context);
}

// Says which file does not fit before any photo is looked at.
std::vector<TaughtHead> load_extra_heads(const PredictCommand& command, const Model& model) {
  const std::vector<std::string>& bundled = model.attribute_names(command.head);
  std::vector<TaughtHead> heads;
  for (const std::string& file : command.extra_heads) {
    TaughtHead head = TaughtHead::load(file);
    try {
      check_fit(head, model);
    } catch (const Error& error) {
      throw Error(error.code(), file + ": " + error.what());
    }
    for (const TaughtHead& other : heads) {
      if (other.name == head.name) {
        throw Error(ErrorCode::invalid_argument,
                    file + ": another extra head is called " + head.name + " too");
      }
    }
    if (std::find(bundled.begin(), bundled.end(), head.name) != bundled.end()) {
      std::cerr << "facet: " << file << ": head " << command.head << " has an attribute "
                << head.name << " too; the one of the file comes last\n";
    }
    heads.push_back(std::move(head));
  }
  return heads;
}

PredictOptions predict_options(const PredictCommand& command) {
  PredictOptions options;
  options.head = command.head;
  options.threshold_mode = command.threshold_mode;
  options.locate.threshold = command.run.threshold;
  options.locate.min_face = command.run.min_face;
  options.locate.max_faces = command.run.max_faces;
  options.locate.proposals = command.run.proposals;
  options.locate.turns = command.run.turns;
  // A list of attributes has a line for every photo.
  options.locate.dominant = command.run.dominant || command.run.format == "attr-list";
  return options;
}

// What goes with photos only.
void check_videos(const PredictCommand& command) {
  const char* option = command.run.format == "attr-list"  ? "--format attr-list"
                       : !command.annotate_folder.empty() ? "--annotate"
                                                          : nullptr;
  if (option == nullptr) return;
  throw Error(ErrorCode::invalid_argument,
              std::string(option) + " does not go with videos, only with photos");
}

int predict(const PredictCommand& command) {
  if (command.run.format == "attr-list" && !command.extra_heads.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "--extra-head does not go with --format attr-list, which is CelebA's list of "
                "attributes; use json, csv or table");
  }
  const PhotoList list = collect_photos(command.run);
  const std::vector<PhotoFile>& photos = list.photos;
  const bool videos = has_video(list);
  if (videos) check_videos(command);
  OutputGuard guard = guard_of(command.run, photos);
  for (const std::string& file : command.extra_heads) guard.protect(file);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  ReportContext context =
      report_context(*model, command.head, command.threshold_mode, command.run.precision);
  PredictOptions options = predict_options(command);
  options.extra_heads = load_extra_heads(command, *model);
  for (const TaughtHead& head : options.extra_heads) context.attribute_names.push_back(head.name);
  context.times = videos && !command.video.tracks;
  context.tracks = videos && command.video.tracks;
  std::optional<PictureFolder> pictures;
  if (!command.annotate_folder.empty()) pictures.emplace(command.annotate_folder, photos, guard);

  const auto make_ask = [&](int threads) -> AskPhotos {
    const auto predictor = std::make_shared<Predictor>(model, threads, command.run.precision);
    return [&, predictor](std::span<const std::size_t> indices, std::span<EncodedPhoto> files) {
      std::vector<PhotoResult> results = predictor->predict(files, options);
      for (std::size_t i = 0; pictures && i < files.size(); ++i) {
        if (results[i].status == PhotoStatus::unreadable) continue;
        const DecodedPhoto shown = decode_to_show(files[i]);
        pictures->write(indices[i], annotate(shown.image, about_shown_photo(results[i], shown)));
      }
      return results;
    };
  };
  const AskFrame ask_frame = [&](Predictor& predictor, const Image& frame) {
    return predictor.predict(frame, options);
  };
  const bool writes_as_it_goes = command.run.format == "json" || command.run.format == "csv";
  const int code = run_photos_together(
      list, command.run, guard, make_ask,
      videos ? ask_video_by(model, ask_frame, command.run, command.video) : AskVideo(),
      [&](std::ostream& out) { return writer_for(command.run.format, context, out); },
      writes_as_it_goes);
  return pictures ? with_pictures(code, pictures->failures()) : code;
}

}  // namespace

void add_predict_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub =
      app.add_subcommand("predict", "Find the faces of photos and videos and their attributes");
  const auto command = std::make_shared<PredictCommand>();
  command->run.format = "table";
  add_run_options(*sub, command->run);
  sub->add_option("-f,--format", command->run.format, "Form of the result")
      ->check(CLI::IsMember({"table", "json", "csv", "attr-list"}))
      ->capture_default_str();
  sub->add_option("--head", command->head, "Whose notion of the attributes: celeba or lfwa")
      ->type_name("NAME")
      ->capture_default_str();
  add_threshold_mode(*sub, command->threshold_mode);
  sub->add_option("--extra-head", command->extra_heads,
                  "Also the attribute of this head, made by facet teach (may be repeated)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  sub->add_flag("--dominant", command->run.dominant,
                "Exactly one face a photo, the strongest window, whatever its score");
  add_video_options(*sub, command->run, command->video);
  add_track_option(*sub, command->video);
  sub->add_option("--annotate", command->annotate_folder,
                  "Write pictures with boxes and attributes to this folder")
      ->type_name("DIR");
  sub->footer(R"(attr-list is CelebA's list_attr_celeba.txt and implies --dominant.
Paths in results are as typed for files, relative to the folder for folders.

Examples:
  facet predict photo.jpg
  facet predict photos/ --format json --output faces.json
  facet predict photos/ --head lfwa --format attr-list > list_attr.txt
  facet predict group.jpg --min-size 20 --annotate marked/
  facet predict photos/ --extra-head round_glasses.head
  facet predict clip.mp4 --every 500ms --tracks
  ls *.webp | facet predict - --format csv)");
  sub->callback([command, &action] { action = [command] { return predict(*command); }; });
}

}  // namespace facet::cli
