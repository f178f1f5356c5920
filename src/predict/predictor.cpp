// SPDX-License-Identifier: Apache-2.0
#include "facet/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "facet/error.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "localise/localiser.hpp"
#include "localise/smallest_face.hpp"

namespace facet {

using namespace detail;

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

  PhotoResult locate(const Image& photo, const LocateOptions& options) {
    PhotoResult result;
    result.width = photo.width;
    result.height = photo.height;
    result.min_face = options.min_face.value_or(
        smallest_face(model->parts().localiser, photo.width, photo.height));
    const float threshold =
        options.threshold.value_or(localiser.default_threshold(options.proposals));
    const std::vector<ScoredBox> boxes =
        localiser.boxes(photo, result.min_face, options.dominant ? 1 : options.max_faces,
                        options.dominant, options.proposals);
    for (const ScoredBox& found : boxes) {
      const bool below = found.score < threshold;
      if (below && !options.dominant && !options.all) continue;
      Face face;
      face.box = found.box;
      face.score = found.score;
      face.below_threshold = below;
      result.faces.push_back(std::move(face));
    }
    result.status = result.faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
    return result;
  }

  // Attributes of `heads`, one head after the other, of faces that belong to any of some photos.
  void describe(std::span<const FaceInPhoto> places, std::span<Face* const> faces,
                std::span<const detail::Head* const> heads, ThresholdMode mode) {
    if (faces.empty()) return;
    // Models that only locate have no ANet: it is asked for when first needed.
    if (!describer) describer.emplace(model, precision);
    std::map<std::string, std::vector<float>> features;  // of each layer that heads ask for
    for (const detail::Head* head : heads) {
      std::vector<float>& values = features[head->feature_layer];
      if (values.empty()) values = describer->features(places, head->feature_layer);
      const std::size_t per_face = values.size() / faces.size();
      for (std::size_t i = 0; i < faces.size(); ++i) {
        const std::span<const float> of_face = std::span(values).subspan(i * per_face, per_face);
        const std::vector<AttributeValue> attributes =
            calibrate(*head, head_scores(*head, of_face, describer->patches_per_face()), mode);
        faces[i]->attributes.insert(faces[i]->attributes.end(), attributes.begin(),
                                    attributes.end());
      }
    }
  }

  std::vector<detail::Head> checked_extra_heads(const std::vector<TaughtHead>& extras) {
    std::vector<detail::Head> heads;
    std::set<std::string> names;
    for (const TaughtHead& extra : extras) {
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

bool is_whole(const Image& photo) {
  return photo.width > 0 && photo.height > 0 &&
         photo.pixels.size() ==
             static_cast<std::size_t>(photo.width) * static_cast<std::size_t>(photo.height) * 3;
}

PhotoResult not_whole() {
  PhotoResult result;
  result.status = PhotoStatus::unreadable;
  result.reason = "the photo is empty or its sizes are inconsistent";
  return result;
}

}  // namespace

Predictor::Predictor(std::shared_ptr<const Model> model, int threads, Precision precision)
    : impl_(std::make_unique<Impl>(std::move(model), threads, precision)) {
}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

PhotoResult Predictor::predict(const Image& photo, const PredictOptions& options) {
  PhotoResult result = std::move(predict(std::span(&photo, 1), options).front());
  if (result.status == PhotoStatus::unreadable) {
    throw Error(ErrorCode::invalid_argument, result.reason);
  }
  return result;
}

std::vector<PhotoResult> Predictor::predict(std::span<const Image> photos,
                                            const PredictOptions& options) {
  check(options.locate);
  std::vector<const detail::Head*> heads = {&find_head(impl_->model->parts(), options.head)};
  const std::vector<detail::Head> extras = impl_->checked_extra_heads(options.extra_heads);
  for (const detail::Head& extra : extras) heads.push_back(&extra);
  const ThreadLimit limit(impl_->threads);
  std::vector<PhotoResult> results;
  results.reserve(photos.size());
  for (const Image& photo : photos) {
    results.push_back(is_whole(photo) ? impl_->locate(photo, options.locate) : not_whole());
  }
  std::vector<FaceInPhoto> places;
  std::vector<Face*> faces;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    for (Face& face : results[i].faces) {
      places.push_back({&photos[i], face.box});
      faces.push_back(&face);
    }
  }
  impl_->describe(places, faces, heads, options.threshold_mode);
  return results;
}

PhotoResult Predictor::locate(const Image& photo, const LocateOptions& options) {
  check(options);
  const ThreadLimit limit(impl_->threads);
  return impl_->locate(photo, options);
}

std::vector<Face> Predictor::describe(const Image& photo, std::span<const Box> boxes,
                                      const std::string& head, ThresholdMode threshold_mode) {
  const detail::Head* found = &find_head(impl_->model->parts(), head);
  const ThreadLimit limit(impl_->threads);
  std::vector<Face> faces(boxes.size());
  std::vector<FaceInPhoto> places;
  std::vector<Face*> described;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    faces[i].box = boxes[i];
    places.push_back({&photo, boxes[i]});
    described.push_back(&faces[i]);
  }
  impl_->describe(places, described, {&found, 1}, threshold_mode);
  return faces;
}

const Model& Predictor::model() const {
  return *impl_->model;
}

Precision Predictor::precision() const {
  return impl_->precision;
}

}  // namespace facet
