#include "facet/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "describe/describer.hpp"
#include "facet/error.hpp"
#include "localise/localiser.hpp"
#include "predict/extra_head_fit.hpp"
#include "predict/heads.hpp"
#include "predict/thread_limit.hpp"

namespace facet {
namespace {

constexpr float kMinFace = 8;  // smaller faces have no attributes to see

const std::shared_ptr<const Model>& checked(const std::shared_ptr<const Model>& model) {
  if (!model) throw Error(ErrorCode::invalid_argument, "the predictor was given no model");
  return model;
}

int checked_threads(int threads) {
  if (threads < 1) {
    throw Error(ErrorCode::invalid_argument,
                "threads is " + std::to_string(threads) + ", must be at least 1");
  }
  return threads;
}

void check(const LocateOptions& options) {
  if (options.min_face && !(std::isfinite(*options.min_face) && *options.min_face >= kMinFace)) {
    throw Error(ErrorCode::invalid_argument, "the smallest face is " +
                                                 std::to_string(*options.min_face) +
                                                 " pixels, must be at least 8");
  }
  if (options.threshold && std::isnan(*options.threshold)) {
    throw Error(ErrorCode::invalid_argument, "the threshold is not a number");
  }
  if (options.max_faces < 1) {
    throw Error(ErrorCode::invalid_argument, "at most " + std::to_string(options.max_faces) +
                                                 " faces asked for, must be at least 1");
  }
}

}  // namespace

struct Predictor::Impl {
  Impl(std::shared_ptr<const Model> owned, int thread_count, Precision wanted)
      : model(checked(owned)),
        precision(wanted),
        localiser(model, placing_precision(precision)),
        threads(checked_threads(thread_count)) {}

  std::vector<Face> locate(const Image& photo, const LocateOptions& options) {
    const detail::LocaliserSettings& settings = model->parts().localiser;
    const float threshold =
        options.threshold.value_or(localiser.default_threshold(options.proposals));
    const std::vector<ScoredBox> boxes = localiser.boxes(
        photo, options.min_face.value_or(settings.min_face),
        options.dominant ? 1 : options.max_faces, options.dominant, options.proposals);
    std::vector<Face> faces;
    for (const ScoredBox& found : boxes) {
      const bool below = found.score < threshold;
      if (below && !options.dominant && !options.all) continue;
      Face face;
      face.box = found.box;
      face.score = found.score;
      face.below_threshold = below;
      faces.push_back(std::move(face));
    }
    return faces;
  }

  // Attributes of `heads`, one head after the other.
  void describe(const Image& photo, std::vector<Face>& faces,
                std::span<const detail::Head* const> heads, ThresholdMode mode) {
    if (faces.empty()) return;
    // Models that only locate have no ANet: it is asked for when first needed.
    if (!describer) describer.emplace(model, precision);
    std::vector<Box> boxes;
    for (const Face& face : faces) boxes.push_back(face.box);
    std::map<std::string, std::vector<float>> features;  // of each layer that heads ask for
    for (const detail::Head* head : heads) {
      std::vector<float>& values = features[head->feature_layer];
      if (values.empty()) values = describer->features(photo, boxes, head->feature_layer);
      const std::size_t per_face = values.size() / faces.size();
      for (std::size_t i = 0; i < faces.size(); ++i) {
        const std::span<const float> of_face = std::span(values).subspan(i * per_face, per_face);
        const std::vector<AttributeValue> attributes =
            calibrate(*head, head_scores(*head, of_face, describer->patches_per_face()), mode);
        faces[i].attributes.insert(faces[i].attributes.end(), attributes.begin(), attributes.end());
      }
    }
  }

  std::vector<detail::Head> checked_extra_heads(const std::vector<ExtraHead>& extras) {
    std::vector<detail::Head> heads;
    std::set<std::string> names;
    for (const ExtraHead& extra : extras) {
      if (!names.insert(extra.name).second) {
        throw Error(ErrorCode::invalid_argument, "two extra heads are called " + extra.name);
      }
      if (anet_checksum.empty()) anet_checksum = describer_checksum(model->parts());
      check_fit(extra, model->parts(), anet_checksum);
      heads.push_back(to_head(extra));
    }
    return heads;
  }

  std::shared_ptr<const Model> model;
  Precision precision;
  Localiser localiser;
  std::optional<Describer> describer;
  std::string anet_checksum;  // empty until an extra head asks for it
  int threads;
};

namespace {

PhotoResult result_of(const Image& photo, std::vector<Face> faces) {
  PhotoResult result;
  result.width = photo.width;
  result.height = photo.height;
  result.status = faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
  result.faces = std::move(faces);
  return result;
}

}  // namespace

Predictor::Predictor(std::shared_ptr<const Model> model, int threads, Precision precision)
    : impl_(std::make_unique<Impl>(std::move(model), threads, precision)) {
}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

PhotoResult Predictor::predict(const Image& photo, const PredictOptions& options) {
  check(options.locate);
  std::vector<const detail::Head*> heads = {&find_head(impl_->model->parts(), options.head)};
  const std::vector<detail::Head> extras = impl_->checked_extra_heads(options.extra_heads);
  for (const detail::Head& extra : extras) heads.push_back(&extra);
  const ThreadLimit limit(impl_->threads);
  std::vector<Face> faces = impl_->locate(photo, options.locate);
  impl_->describe(photo, faces, heads, options.threshold_mode);
  return result_of(photo, std::move(faces));
}

PhotoResult Predictor::locate(const Image& photo, const LocateOptions& options) {
  check(options);
  const ThreadLimit limit(impl_->threads);
  return result_of(photo, impl_->locate(photo, options));
}

std::vector<Face> Predictor::describe(const Image& photo, std::span<const Box> boxes,
                                      const std::string& head, ThresholdMode threshold_mode) {
  const detail::Head* found = &find_head(impl_->model->parts(), head);
  const ThreadLimit limit(impl_->threads);
  std::vector<Face> faces;
  for (const Box& box : boxes) {
    Face face;
    face.box = box;
    faces.push_back(std::move(face));
  }
  impl_->describe(photo, faces, {&found, 1}, threshold_mode);
  return faces;
}

const Model& Predictor::model() const {
  return *impl_->model;
}

Precision Predictor::precision() const {
  return impl_->precision;
}

}  // namespace facet
