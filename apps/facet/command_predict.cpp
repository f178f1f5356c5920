#include "command_predict.hpp"

#include <iostream>
#include <memory>
#include <optional>

#include "facet/annotate.hpp"
#include "photo_run.hpp"
#include "picture_folder.hpp"
#include "run_options.hpp"

namespace facet::cli {
namespace {

struct PredictCommand {
  RunOptions run;
  std::string head = "celeba";
  std::string annotate_folder;
};

std::unique_ptr<ReportWriter> writer_for(const std::string& format, const ReportContext& context,
                                         std::ostream& out) {
  if (format == "json") return json_writer(out, context);
  if (format == "csv") return csv_writer(out, context);
  if (format == "attr-list") return attr_list_writer(out, context);
  return table_writer(out, context);
}

PredictOptions predict_options(const PredictCommand& command) {
  PredictOptions options;
  options.head = command.head;
  options.locate.threshold = command.run.threshold;
  options.locate.min_face = command.run.min_face;
  // A list of attributes has a line for every photo.
  options.locate.dominant = command.run.dominant || command.run.format == "attr-list";
  return options;
}

int predict(const PredictCommand& command) {
  const std::vector<PhotoFile> photos = collect_photos(command.run.paths, std::cin);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  const ReportContext context{model_title(*model), model->attribute_names(command.head)};
  const PredictOptions options = predict_options(command);
  std::optional<PictureFolder> pictures;
  if (!command.annotate_folder.empty()) pictures.emplace(command.annotate_folder, photos);

  const auto make_ask = [&](int threads) -> AskPhoto {
    const auto predictor = std::make_shared<Predictor>(model, threads);
    return [&, predictor](std::size_t index, const Image& photo) {
      PhotoResult result = predictor->predict(photo, options);
      if (pictures) pictures->write(index, annotate(photo, result, context.attribute_names));
      return result;
    };
  };
  const bool writes_as_it_goes = command.run.format == "json" || command.run.format == "csv";
  return run_photos(
      photos, command.run, make_ask,
      [&](std::ostream& out) { return writer_for(command.run.format, context, out); },
      writes_as_it_goes);
}

}  // namespace

void add_predict_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("predict", "Find the faces of photos and their attributes");
  const auto command = std::make_shared<PredictCommand>();
  command->run.format = "table";
  add_run_options(*sub, command->run);
  sub->add_option("-f,--format", command->run.format, "Form of the result")
      ->check(CLI::IsMember({"table", "json", "csv", "attr-list"}))
      ->capture_default_str();
  sub->add_option("--head", command->head, "Whose notion of the attributes: celeba or lfwa")
      ->type_name("NAME")
      ->capture_default_str();
  sub->add_flag("--dominant", command->run.dominant,
                "Exactly one face a photo, the strongest window, whatever its score");
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
  ls *.webp | facet predict - --format csv)");
  sub->callback([command, &action] { action = [command] { return predict(*command); }; });
}

}  // namespace facet::cli
