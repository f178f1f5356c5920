// SPDX-License-Identifier: Apache-2.0
#include "command_teach.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "facet/taught_head.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "model/model_access.hpp"
#include "photo_run.hpp"
#include "run_options.hpp"
#include "teach/teach.hpp"
#include "teach/teach_labels.hpp"
#include "teach/teach_report.hpp"

namespace facet::cli {
using namespace detail;
namespace {

namespace fs = std::filesystem;

struct TeachCommand {
  RunOptions run;
  std::string name;
  std::string labels;
  std::string out;
  std::string head = "celeba";
  bool person_folders = false;
};

void warn(const std::string& message) {
  std::cerr << "facet: " << message << '\n';
}

struct LabelledPhotos {
  std::vector<PhotoFile> photos;
  std::vector<bool> present;
  std::vector<std::optional<int>> person;
};

// Photos in one folder are of one person.
std::vector<std::optional<int>> people_by_folder(const std::vector<PhotoFile>& photos) {
  std::map<fs::path, int> folders;
  std::vector<std::optional<int>> people;
  for (const PhotoFile& photo : photos) {
    const auto folder = fs::absolute(photo.file).lexically_normal().parent_path();
    people.emplace_back(folders.emplace(folder, static_cast<int>(folders.size())).first->second);
  }
  return people;
}

LabelledPhotos choose_photos(const TeachCommand& command, const std::vector<PhotoFile>& photos,
                             TeachingRemarks& remarks) {
  const LabelList list = read_label_list(command.labels);
  if (list.mixes_signs) {
    warn(command.labels + ": holds labels 0 and -1; both are taken as without the attribute");
  }
  std::vector<PhotoName> names;
  names.reserve(photos.size());
  for (const PhotoFile& photo : photos) names.push_back({photo.shown, photo.file});
  MatchedLabels matched = match_labels(list, names);
  LabelledPhotos chosen;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (!matched.present[i]) continue;
    chosen.photos.push_back(photos[i]);
    chosen.present.push_back(*matched.present[i]);
  }
  if (chosen.photos.empty()) {
    const bool none = matched.ambiguous.empty();
    throw Error(ErrorCode::bad_label,
                command.labels + ": none of its " + std::to_string(list.rows.size()) +
                    " paths names one of the " + std::to_string(photos.size()) +
                    " photos (the first: '" + list.rows.front().path +
                    (none ? "'; the first photo: '" + photos.front().shown + "')"
                          : "', which names several)"));
  }
  chosen.person.resize(chosen.photos.size());
  if (command.person_folders) chosen.person = people_by_folder(chosen.photos);
  remarks.unlabelled = matched.unlisted;
  remarks.unknown = std::move(matched.unknown);
  remarks.ambiguous = std::move(matched.ambiguous);
  remarks.repeated = list.repeated;
  remarks.repeated.insert(remarks.repeated.end(), matched.repeated.begin(), matched.repeated.end());
  std::sort(remarks.repeated.begin(), remarks.repeated.end());
  return chosen;
}

// The strongest face of each photo, described by all patches, as predictions do.
TeachingSet describe_photos(const TeachCommand& command, const std::shared_ptr<const Model>& model,
                            const std::string& layer, const LabelledPhotos& labelled,
                            TeachingRemarks& remarks) {
  LocateOptions locate;
  locate.threshold = command.run.threshold;
  locate.min_face = command.run.min_face;
  std::vector<std::vector<float>> features(labelled.photos.size());
  const auto make_ask = [&](int threads) -> AskPhoto {
    const auto predictor = std::make_shared<Predictor>(model, threads, Precision::fp32);
    const auto describer = std::make_shared<Describer>(model);
    return [&, threads, predictor, describer](std::size_t index, const Image& photo) {
      PhotoResult result = predictor->locate(photo, locate);
      if (!result.faces.empty()) {
        const ThreadLimit limit(threads);
        features[index] = describer->features(photo, {&result.faces.front().box, 1}, layer);
      }
      return result;
    };
  };
  const Describer describer(model);
  TeachingSet set(describer.patches_per_face(), describer.feature_size(layer));
  std::size_t index = 0;
  ask_photos(labelled.photos, command.run, make_ask, false, [&](const PhotoResult& result) {
    const std::vector<float> values = std::move(features[index]);
    if (result.status == PhotoStatus::unreadable) {
      ++remarks.unreadable;
    } else if (result.faces.empty()) {
      ++remarks.faceless;
    } else {
      if (result.faces.size() > 1) ++remarks.several_faces;
      set.add(values, labelled.present[index], labelled.person[index]);
    }
    ++index;
  });
  return set;
}

TaughtHead to_taught_head(const TeachCommand& command, const Model& model, const std::string& layer,
                          const TeachingResult& taught) {
  const TeachingFigures& figures = taught.figures;
  TaughtHead head;
  head.name = command.name;
  head.model_name = model.name();
  head.model_version = model.version();
  head.anet_checksum = describer_checksum(parts_of(model));
  head.feature_layer = layer;
  head.weight = taught.plane.weight;
  head.bias = taught.plane.bias;
  head.calibration_a = taught.calibration.a;
  head.calibration_b = taught.calibration.b;
  // Calibrated probabilities reach balanced accuracy's best cut at the attribute's own share.
  head.threshold_balanced =
      static_cast<float>(figures.positives) / static_cast<float>(figures.photos);
  head.licence = model.licence();
  head.teaching = {figures.photos,
                   figures.positives,
                   taught.cost,
                   static_cast<float>(figures.accuracy),
                   static_cast<float>(figures.balanced),
                   static_cast<float>(figures.log_loss)};
  return head;
}

std::string left_out_text(const TeachingRemarks& remarks) {
  return " (left out: " + std::to_string(remarks.faceless) + " without a face, " +
         std::to_string(remarks.unreadable) + " unreadable, " + std::to_string(remarks.unlabelled) +
         " without a label, " + std::to_string(remarks.unknown.size() + remarks.ambiguous.size()) +
         " labels that name no photo or several)";
}

int run_teach(const TeachCommand& command) {
  check_attribute_name(command.name);
  const PhotoList list = collect_photos(command.run);
  const std::vector<PhotoFile>& photos = list.photos;
  OutputGuard guard = guard_of(command.run, photos);
  guard.protect(command.labels);
  guard.claim(command.out, FileKind::head);
  TeachingRemarks remarks;
  const LabelledPhotos labelled = choose_photos(command, photos, remarks);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  const detail::Head& bundled = find_head(parts_of(*model), command.head);
  if (std::count(bundled.attributes.begin(), bundled.attributes.end(), command.name) > 0) {
    warn("head " + command.head + " of the model has an attribute " + command.name +
         " already: predictions will show both");
  }
  const TeachingSet set = describe_photos(command, model, bundled.feature_layer, labelled, remarks);
  TeachingSettings settings;
  settings.threads = thread_count(command.run);
  TeachingResult taught;
  try {
    taught = teach(set, settings);
  } catch (const Error& error) {
    throw Error(error.code(), command.labels + ": " + error.what() + left_out_text(remarks));
  }
  guard.check(command.out, FileKind::head);  // much time has passed
  to_taught_head(command, *model, bundled.feature_layer, taught).write(command.out);
  std::cout << teaching_text(command.name, model_title(*model), taught.figures, remarks)
            << "Written: " << command.out << '\n'
            << std::flush;
  if (set.size() < kAdvisedTaughtPhotos) {
    warn("taught from " + std::to_string(set.size()) + " photos only; " +
         std::to_string(kAdvisedTaughtPhotos) + " or more are advised");
  }
  return remarks.unreadable > 0 ? exit_some_unreadable : exit_ok;
}

}  // namespace

void add_teach_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("teach", "Teach a new attribute from labelled photos");
  const auto command = std::make_shared<TeachCommand>();
  sub->add_option("name", command->name, "What the attribute is called, e.g. Round_Glasses")
      ->required()
      ->type_name("NAME");
  sub->add_option("--labels", command->labels, "A line a photo: path,label (0 or -1, and 1)")
      ->required()
      ->type_name("FILE");
  sub->add_option("--out", command->out, "Write the head to this file")
      ->required()
      ->type_name("FILE");
  sub->add_option("--head", command->head, "Bundled head whose features are used")
      ->type_name("NAME")
      ->capture_default_str();
  sub->add_flag(
      "--person-folders", command->person_folders,
      "A folder holds one person's photos: judge the head by other people than it learnt");
  add_input_options(*sub, command->run);
  add_overwrite(*sub, command->run.overwrite);
  sub->footer(
      R"(From as few as 50 photos; nothing of the networks changes. Photos without a face are left out;
of several faces the strongest is taken. Paths in the list are those that facet predict shows, or
the end of a photo's path (a bare file name will do) where only one photo ends so.

Example:
  facet teach Round_Glasses --labels labels.csv photos/ --out round_glasses.head
  facet predict others/ --extra-head round_glasses.head)");
  sub->callback([command, &action] { action = [command] { return run_teach(*command); }; });
}

}  // namespace facet::cli
