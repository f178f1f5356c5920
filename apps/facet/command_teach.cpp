// SPDX-License-Identifier: Apache-2.0
#include "command_teach.hpp"

#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "exit_code.hpp"
#include "facet/error.hpp"
#include "photo_run.hpp"
#include "run_options.hpp"
#include "teach/teach_attribute.hpp"

namespace facet::cli {
using namespace detail;
namespace {

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

TeachRequest request_of(const TeachCommand& command) {
  TeachRequest request;
  request.name = command.name;
  request.labels = command.labels;
  request.head = command.head;
  request.person_folders = command.person_folders;
  request.locate.threshold = command.run.threshold;
  request.locate.min_face = command.run.min_face;
  request.threads = thread_count(command.run);
  request.warn = warn;
  return request;
}

int run_teach(const TeachCommand& command) {
  check_attribute_name(command.name);
  const PhotoList list = collect_photos(command.run);
  const std::vector<PhotoFile>& photos = list.photos;
  OutputGuard guard = guard_of(command.run, photos);
  guard.protect(command.labels);
  guard.claim(command.out, FileKind::head);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  std::vector<PhotoName> names;
  names.reserve(photos.size());
  for (const PhotoFile& photo : photos) names.push_back({photo.shown, photo.file});
  const auto ask = [&](std::span<const std::size_t> places, const MakeAskAboutPhoto& make_ask,
                       const std::function<void(const PhotoResult&)>& consume) {
    std::vector<PhotoFile> chosen;
    for (const std::size_t place : places) chosen.push_back(photos[place]);
    ask_images(chosen, command.run, make_ask, false, consume);
  };
  const TaughtAttribute taught = teach_attribute(request_of(command), model, names, ask);
  guard.check(command.out, FileKind::head);  // much time has passed
  taught.head.write(command.out);
  std::cout << teaching_text(command.name, model_title(*model), taught.figures, taught.remarks)
            << "Written: " << command.out << '\n'
            << std::flush;
  if (taught.figures.photos < kAdvisedTaughtPhotos) {
    warn("taught from " + std::to_string(taught.figures.photos) + " photos only; " +
         std::to_string(kAdvisedTaughtPhotos) + " or more are advised");
  }
  return taught.remarks.unreadable > 0 ? exit_some_unreadable : exit_ok;
}

}  // namespace

void add_teach_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("teach", "Teach a new attribute from labelled photos");
  const auto command = std::make_shared<TeachCommand>();
  sub->add_option("name", command->name, "What the attribute is called, e.g. Round_Glasses")
      ->required()
      ->type_name("NAME");
  sub->add_option("--labels", command->labels,
                  "A line a photo: path,label (0 or -1, and 1); or what facet export --said wrote")
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

From facet export --said come the faces of which people said NAME, however many a photo shows.

Example:
  facet teach Round_Glasses --labels labels.csv photos/ --out round_glasses.head
  facet export --said -o said.jsonl && facet teach Tired --labels said.jsonl ~/Pictures --out t.head
  facet predict others/ --extra-head round_glasses.head)");
  sub->callback([command, &action] { action = [command] { return run_teach(*command); }; });
}

}  // namespace facet::cli
