// SPDX-License-Identifier: Apache-2.0
#include "command_locate.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "draw/draw_map.hpp"
#include "facet/error.hpp"
#include "localise/localiser.hpp"
#include "localise/merge_scales.hpp"
#include "localise/smallest_face.hpp"
#include "model/model_access.hpp"
#include "photo_run.hpp"
#include "photos/picture_folder.hpp"
#include "run_options.hpp"
#include "video_run.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct LocateCommand {
  RunOptions run;
  bool all = false;
  std::string maps_folder;
  std::string attribute;
  VideoRunOptions video;
};

LocateOptions locate_options(const LocateCommand& command) {
  LocateOptions options;
  options.threshold = command.run.threshold;
  options.min_face = command.run.min_face;
  options.dominant = command.run.dominant;
  options.all = command.all;
  options.max_faces = command.run.max_faces;
  options.proposals = command.run.proposals;
  options.turns = command.run.turns;
  return options;
}

constexpr float kSureTag = 2;  // logit of an attribute that is surely there

// The evidence of all scales, or of one attribute, over the photo. The colours mean the same on
// every photo, so that one without a face looks quiet: hottest is twice what a proposal takes, or
// the photo's peak.
Image draw_evidence(Localiser& localiser, const detail::LocaliserSettings& settings,
                    const DecodedPhoto& shown, std::optional<float> min_face,
                    const std::string& attribute) {
  const Image& photo = shown.image;
  const float smallest =
      min_face.value_or(smallest_face(settings, shown.full_width, shown.full_height)) /
      static_cast<float>(shown.reduce);
  const std::vector<ScaleMap> scales = attribute.empty()
                                           ? localiser.maps(photo, smallest)
                                           : localiser.attribute_maps(photo, smallest, attribute);
  const HeatMap map = merge_scales(scales, settings.stride, photo.width, photo.height);
  const float peak =
      map.values.empty() ? 0 : *std::max_element(map.values.begin(), map.values.end());
  const float hot = attribute.empty() ? 2 * settings.proposal_threshold : kSureTag;
  return draw_map(photo, map, 0, std::max(peak, hot));
}

int locate(const LocateCommand& command) {
  const PhotoList list = collect_photos(command.run);
  const std::vector<PhotoFile>& photos = list.photos;
  const bool videos = has_video(list);
  if (videos && !command.maps_folder.empty()) {
    throw Error(ErrorCode::invalid_argument, "--maps does not go with videos, only with photos");
  }
  OutputGuard guard = guard_of(command.run, photos);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  const ReportContext context =
      report_context(*model, "", ThresholdMode::accuracy, command.run.precision);
  const LocateOptions options = locate_options(command);
  std::optional<PictureFolder> pictures;
  if (!command.maps_folder.empty()) pictures.emplace(command.maps_folder, photos, guard);

  const auto make_ask = [&](int threads) -> AskPhoto {
    const auto predictor = std::make_shared<Predictor>(model, threads, command.run.precision);
    const auto localiser =
        pictures ? std::make_shared<Localiser>(model, command.run.precision) : nullptr;
    return [&, predictor, localiser](std::size_t index, EncodedPhoto& photo) {
      if (pictures) {
        pictures->write(index,
                        draw_evidence(*localiser, parts_of(*model).localiser, decode_to_show(photo),
                                      command.run.min_face, command.attribute));
      }
      return predictor->locate(photo, options);
    };
  };
  const AskFrame ask_frame = [&](Predictor& predictor, const Image& frame) {
    return predictor.locate(frame, options);
  };
  const bool json = command.run.format == "json";
  const int code = run_photos(
      list, command.run, guard, make_ask,
      videos ? ask_video_by(model, ask_frame, command.run, command.video) : AskVideo(),
      [&](std::ostream& out) { return json ? json_writer(out, context) : boxes_writer(out); },
      true);
  return pictures ? with_pictures(code, pictures->failures()) : code;
}

}  // namespace

void add_locate_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub =
      app.add_subcommand("locate", "Find the faces of photos and videos: boxes and scores only");
  const auto command = std::make_shared<LocateCommand>();
  command->run.format = "boxes";
  add_run_options(*sub, command->run);
  sub->add_option("-f,--format", command->run.format, "Form of the result")
      ->check(CLI::IsMember({"boxes", "json"}))
      ->capture_default_str();
  CLI::Option* dominant =
      sub->add_flag("--dominant", command->run.dominant,
                    "Exactly one face a photo, the strongest window, whatever its score");
  sub->add_flag("--all", command->all, "Also candidates below the threshold")->excludes(dominant);
  add_video_options(*sub, command->run, command->video);
  CLI::Option* maps =
      sub->add_option("--maps", command->maps_folder,
                      "Write the response maps, drawn over the photos, to this folder")
          ->type_name("DIR");
  sub->add_option("--attribute", command->attribute,
                  "Draw the map of this attribute alone (a name of CelebA's list)")
      ->needs(maps)
      ->type_name("NAME");
  sub->footer(R"(boxes is a line a photo: path x y w h score [x y w h score ...], pixels of the
upright photo, white space in the path as %20. Of a video it is a line a frame, its time in seconds
behind the path: clip.mp4#t=1.5

Examples:
  facet locate photos/ > boxes.txt
  facet locate photos/ --all --format json --output candidates.json
  facet locate group.jpg --min-size 20 --maps maps/
  facet locate portrait.jpg --maps maps/ --attribute Smiling
  facet locate clip.mp4 --every 500ms)");
  sub->callback([command, &action] { action = [command] { return locate(*command); }; });
}

}  // namespace facet::cli
