// SPDX-License-Identifier: Apache-2.0
#include "command_explain.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "base/atomic_file.hpp"
#include "draw/draw_map.hpp"
#include "facet/draw.hpp"
#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "facet/explain_report.hpp"
#include "format/strict_json.hpp"
#include "photo_run.hpp"
#include "photos/picture_folder.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

constexpr int kViewSide = 240;  // of faces on a page

struct ExplainCommand {
  RunOptions run;
  std::string head = "celeba";
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  std::vector<std::string> attributes;
  std::string concepts;
  std::string html;
  std::string annotate_folder;
};

// Explanations of photos that the workers have finished and nobody has written yet.
class Finished {
 public:
  void put(std::size_t index, PhotoExplanation explanation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_[index] = std::move(explanation);
  }
  // That of a result; of a photo that could not be read, the result alone.
  PhotoExplanation take(std::size_t index, const PhotoResult& result) {
    const std::lock_guard<std::mutex> lock(mutex_);
    PhotoExplanation explanation;
    if (const auto found = waiting_.find(index); found != waiting_.end()) {
      explanation = std::move(found->second);
      waiting_.erase(found);
    }
    explanation.photo = result;
    return explanation;
  }

 private:
  std::mutex mutex_;
  std::map<std::size_t, PhotoExplanation> waiting_;
};

// Results come in the order of the photos.
class ExplanationWriter final : public ReportWriter {
 public:
  ExplanationWriter(std::ostream& out, const ReportContext& context, Finished& finished, bool json,
                    std::vector<PhotoExplanation>* kept)
      : out_(out), context_(context), finished_(finished), json_(json), kept_(kept) {}

  void add(const PhotoResult& result) override {
    PhotoExplanation explanation = finished_.take(count_, result);
    if (json_) {
      const std::string whole = explanations_to_json({&explanation, 1}, context_);
      const std::size_t end_of_head = whole.find('\n');
      out_ << (count_ == 0 ? whole.substr(0, end_of_head + 1) : ",\n")
           << explanation_to_json(explanation);
    } else {
      out_ << (count_ == 0 ? "" : "\n") << explanation_to_text(explanation);
    }
    ++count_;
    if (kept_ != nullptr) kept_->push_back(std::move(explanation));
  }

  void finish() override {
    if (!json_) return;
    out_ << (count_ == 0 ? explanations_to_json({}, context_) : "\n]}\n");
  }

 private:
  std::ostream& out_;
  ReportContext context_;
  Finished& finished_;
  bool json_;
  std::vector<PhotoExplanation>* kept_;
  std::size_t count_ = 0;
};

ExplainOptions explain_options(const ExplainCommand& command) {
  ExplainOptions options;
  options.predict.head = command.head;
  options.predict.threshold_mode = command.threshold_mode;
  options.predict.locate.threshold = command.run.threshold;
  options.predict.locate.min_face = command.run.min_face;
  options.predict.locate.max_faces = command.run.max_faces;
  options.predict.locate.proposals = command.run.proposals;
  options.predict.locate.turns = command.run.turns;
  options.predict.locate.dominant = command.run.dominant;
  options.attributes = command.attributes;
  if (!command.html.empty()) options.view_side = kViewSide;
  return options;
}

// Between the middles of the cells, linearly.
float value_at(const RegionMap& map, float x, float y) {
  const auto last = static_cast<float>(map.side - 1);
  const float u = std::clamp(x - 0.5F, 0.0F, last);
  const float v = std::clamp(y - 0.5F, 0.0F, last);
  const int left = std::min(static_cast<int>(u), map.side - 2);
  const int top = std::min(static_cast<int>(v), map.side - 2);
  const float right_share = u - static_cast<float>(left);
  const float below_share = v - static_cast<float>(top);
  const auto at = [&](int row, int column) {
    return map.values[static_cast<std::size_t>(row * map.side + column)];
  };
  return (1 - below_share) * ((1 - right_share) * at(top, left) + right_share * at(top, left + 1)) +
         below_share *
             ((1 - right_share) * at(top + 1, left) + right_share * at(top + 1, left + 1));
}

// What speaks for the first explained attribute of each face, over the photo.
HeatMap heat_of(const PhotoExplanation& explanation, const DecodedPhoto& shown) {
  constexpr int most_cells = 400;
  const Image& photo = shown.image;
  HeatMap map;
  const int step = std::max(1, std::max(photo.width, photo.height) / most_cells);
  map.width = std::max(2, photo.width / step);
  map.height = std::max(2, photo.height / step);
  map.values.assign(static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height),
                    0.0F);
  const float scale_x = static_cast<float>(shown.full_width) / static_cast<float>(map.width);
  const float scale_y = static_cast<float>(shown.full_height) / static_cast<float>(map.height);
  for (const FaceExplanation& face : explanation.faces) {
    if (face.attributes.empty() || face.attributes.front().region.side == 0) continue;
    const AttributeExplanation& one = face.attributes.front();
    const auto side = static_cast<float>(one.region.side);
    float most = 0;
    for (const float value : one.region.values) most = std::max(most, one.present ? value : -value);
    if (most <= 0) continue;
    const float cosine = std::cos(face.square.angle);
    const float sine = std::sin(face.square.angle);
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const float dx = (static_cast<float>(x) + 0.5F) * scale_x - face.square.centre_x;
        const float dy = (static_cast<float>(y) + 0.5F) * scale_y - face.square.centre_y;
        const float u = ((cosine * dx + sine * dy) / face.square.side + 0.5F) * side;
        const float v = ((-sine * dx + cosine * dy) / face.square.side + 0.5F) * side;
        if (u < 0 || v < 0 || u >= side || v >= side) continue;
        const float value = (one.present ? 1 : -1) * value_at(one.region, u, v) / most;
        float& cell = map.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                                 static_cast<std::size_t>(x)];
        cell = std::max(cell, value);
      }
    }
  }
  return map;
}

std::shared_ptr<const Concepts> load_concepts(const ExplainCommand& command) {
  if (!command.concepts.empty()) return Concepts::load(command.concepts);
  return Concepts::load_beside(model_file(command.run.model));
}

int explain(const ExplainCommand& command) {
  const PhotoList list = collect_photos(command.run);
  const std::vector<PhotoFile>& photos = list.photos;
  OutputGuard guard = guard_of(command.run, photos);
  const std::shared_ptr<const Model> model = load_model(command.run.model);
  const std::shared_ptr<const Concepts> concepts = load_concepts(command);
  guard.protect(command.concepts.empty() ? Concepts::path_beside(model_file(command.run.model))
                                         : std::filesystem::path(command.concepts));
  const ReportContext context =
      report_context(*model, command.head, command.threshold_mode, command.run.precision);
  const ExplainOptions options = explain_options(command);
  std::optional<OutputTarget> page;
  if (!command.html.empty()) page = guard.claim(command.html, FileKind::result);
  std::optional<PictureFolder> pictures;
  if (!command.annotate_folder.empty()) pictures.emplace(command.annotate_folder, photos, guard);

  // Before any photo is looked at.
  for (const std::string& name : command.attributes) {
    const std::vector<std::string>& known = model->attribute_names(command.head);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Error(ErrorCode::invalid_argument,
                  "head " + command.head + " has no attribute " + in_quotes(name));
    }
  }
  Finished finished;
  std::vector<PhotoExplanation> kept;
  const auto make_ask = [&](int threads) -> AskPhoto {
    const auto explainer =
        std::make_shared<Explainer>(model, concepts, threads, command.run.precision);
    return [&, explainer](std::size_t index, EncodedPhoto& photo) {
      PhotoExplanation explanation = explainer->explain(photo, options);
      PhotoResult result = explanation.photo;
      if (pictures) {
        const DecodedPhoto shown = decode_to_show(photo);
        const Image heated = draw_map(shown.image, heat_of(explanation, shown), 0.1F, 1);
        pictures->write(index, annotate(heated, about_shown_photo(result, shown)));
      }
      finished.put(index, std::move(explanation));
      return result;
    };
  };
  const int code = run_photos(
      list, command.run, guard, make_ask, {},
      [&](std::ostream& out) {
        return std::make_unique<ExplanationWriter>(
            out, context, finished, command.run.format == "json", page ? &kept : nullptr);
      },
      true);
  if (page) {
    AtomicFile file(*page);
    file.write(explanations_to_html(kept, context, *concepts));
    file.commit();
  }
  return pictures ? with_pictures(code, pictures->failures()) : code;
}

}  // namespace

void add_explain_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand(
      "explain", "Say why faces have their attributes: concepts, neurons and places that decide");
  const auto command = std::make_shared<ExplainCommand>();
  command->run.format = "text";
  add_run_options(*sub, command->run);
  sub->add_option("-f,--format", command->run.format, "Form of the result")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  sub->add_option("--attribute", command->attributes,
                  "Explain this attribute, whether it holds or not; may be repeated (default: all "
                  "that hold)")
      ->allow_extra_args(false)
      ->type_name("NAME");
  sub->add_option("--head", command->head, "Whose notion of the attributes: celeba or lfwa")
      ->type_name("NAME")
      ->capture_default_str();
  add_threshold_mode(*sub, command->threshold_mode);
  sub->add_flag("--dominant", command->run.dominant,
                "Exactly one face a photo, the strongest window, whatever its score");
  sub->add_option("--html", command->html,
                  "Also write a page with maps, mean faces and a threshold to move; it holds the "
                  "faces of the photos")
      ->type_name("FILE");
  sub->add_option("--annotate", command->annotate_folder,
                  "Write pictures that show where the first attribute comes from to this folder")
      ->type_name("DIR");
  sub->add_option("--concepts", command->concepts,
                  "What the model's neurons stand for (default: beside the model, its name ending "
                  "in .explain)")
      ->type_name("FILE");
  sub->footer(
      R"(The terms of an attribute sum to its score. docs/explain.md says what they mean, and how far
such explanations can be trusted.

Examples:
  facet explain portrait.jpg
  facet explain portrait.jpg --attribute Bangs --html why.html
  facet explain photos/ --format json --output why.json)");
  sub->callback([command, &action] { action = [command] { return explain(*command); }; });
}

}  // namespace facet::cli
