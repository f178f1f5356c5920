// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error_boundary.hpp"
#include "base/interruption.hpp"
#include "base/thread_limit.hpp"
#include "describe/close_up.hpp"
#include "describe/describer.hpp"
#include "explain/attribute_terms.hpp"
#include "explain/concept_access.hpp"
#include "explain/response_map.hpp"
#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "format/strict_json.hpp"
#include "heads/linear_head.hpp"
#include "image/encoded_photo_access.hpp"
#include "model/model_access.hpp"
#include "predict/reduced_photo.hpp"

namespace facet {

using namespace detail;

namespace {

constexpr int kLargestView = 1024;

struct Fitting {
  Fitting(std::shared_ptr<const Model> owned, std::shared_ptr<const Concepts> known)
      : model(std::move(owned)), concepts(std::move(known)) {
    if (!model) throw Error(ErrorCode::invalid_argument, "the explainer was given no model");
    if (!concepts) throw Error(ErrorCode::invalid_argument, "the explainer was given no concepts");
    check_fit(parts_of(*concepts), parts_of(*model));
  }
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Concepts> concepts;
};

}  // namespace

struct Explainer::Impl {
  Impl(std::shared_ptr<const Model> model, std::shared_ptr<const Concepts> concepts,
       int thread_count, Precision precision)
      : of(std::move(model), std::move(concepts)),
        parts(parts_of(*of.concepts)),
        groups(concept_groups(parts)),
        maps(parts, parts_of(*of.model)),
        predictor(of.model, thread_count, precision),
        describer(of.model, precision),
        aligner(of.model, precision),
        threads(thread_count) {}

  ExplainedHead head(const ExplainOptions& options) const {
    const Head& found = find_head(parts_of(*of.model), options.predict.head);
    const auto known = parts.heads.find(found.name);
    if (known == parts.heads.end()) {
      throw Error(ErrorCode::invalid_argument,
                  "the concepts of model " + of.model->name() + " do not cover head " + found.name);
    }
    return {parts, groups, found, known->second};
  }

  // Before anything is looked at.
  void check(const ExplainOptions& options) const {
    const ExplainedHead explained = head(options);
    if (!options.predict.extra_heads.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "extra heads cannot be explained: what their "
                  "neurons stand for was not asked");
    }
    if (options.view_side < 0 || options.view_side > kLargestView) {
      throw Error(ErrorCode::invalid_argument, "a view of " + std::to_string(options.view_side) +
                                                   " pixels; there are 0 to " +
                                                   std::to_string(kLargestView));
    }
    for (const std::string& name : options.attributes) {
      const auto& known = explained.head.attributes;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        throw Error(ErrorCode::invalid_argument,
                    "head " + explained.head.name + " has no attribute " + in_quotes(name));
      }
    }
  }

  [[nodiscard]] static bool wanted(const Attribute& answer, const ExplainOptions& options) {
    if (options.attributes.empty()) return answer.present;
    return std::find(options.attributes.begin(), options.attributes.end(), answer.name) !=
           options.attributes.end();
  }

  // Attributes of one face; `map` is what the feature layer read of it.
  std::vector<AttributeExplanation> explain_face(const ExplainedHead& explained, const Face& face,
                                                 std::span<const float> map,
                                                 const ExplainOptions& options) const {
    std::vector<AttributeExplanation> result;
    std::vector<float> weights;  // of the attributes that are explained
    for (std::size_t j = 0; j < face.attributes.size(); ++j) {
      if (!wanted(face.attributes[j], options)) continue;
      result.push_back(explain_attribute(explained, j, face.features, face.attributes[j]));
      const auto row =
          explained.head.weight.begin() + static_cast<std::ptrdiff_t>(j * face.features.size());
      weights.insert(weights.end(), row, row + static_cast<std::ptrdiff_t>(face.features.size()));
    }
    if (!map.empty()) {
      std::vector<RegionMap> regions = maps.maps(map, weights);
      for (std::size_t i = 0; i < result.size(); ++i) {
        result[i].region = std::move(regions[i]);
        name_place(result[i].region, result[i].present, parts_of(*of.model).patches);
      }
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const auto& a, const auto& b) { return a.probability > b.probability; });
    return result;
  }

  // `boxes` of the result's faces are those of the photo at hand.
  PhotoExplanation explain(PhotoResult result, const ImageView& photo,
                           std::span<const FaceInPhoto> places, const DecodedPhoto* reduced,
                           const ExplainOptions& options) {
    const PatchSettings& patches = parts_of(*of.model).patches;
    const ExplainedHead explained = head(options);
    PhotoExplanation explanation;
    std::vector<float> values;
    if (maps.serve() && !places.empty()) values = describer.features(places, maps.layer());
    const std::size_t per_face = places.empty() ? 0 : values.size() / places.size();
    const std::vector<FacePose> poses = aligner.align(places);
    for (std::size_t i = 0; i < places.size(); ++i) {
      FaceExplanation face;
      const TurnedSquare square = face_region(poses[i], patches);
      face.square = {square.centre_x, square.centre_y, square.side, square.angle};
      if (options.view_side > 0) face.view = cut_square(photo, square, options.view_side);
      if (reduced != nullptr) refer_to_full_photo(face.square, *reduced);
      face.attributes =
          explain_face(explained, result.faces[i],
                       std::span<const float>(values).subspan(i * per_face, per_face), options);
      if (!options.predict.features) result.faces[i].features.clear();
      explanation.faces.push_back(std::move(face));
    }
    explanation.photo = std::move(result);
    return explanation;
  }

  static void refer_to_full_photo(FaceSquare& square, const DecodedPhoto& photo) {
    const auto scale = static_cast<float>(photo.reduce);
    square.centre_x = square.centre_x * scale + static_cast<float>(photo.offset_x);
    square.centre_y = square.centre_y * scale + static_cast<float>(photo.offset_y);
    square.side *= scale;
  }

  static PredictOptions with_features(PredictOptions options) {
    options.features = true;
    return options;
  }

  Fitting of;
  const ConceptParts& parts;
  ConceptGroups groups;
  ResponseMaps maps;
  Predictor predictor;
  Describer describer;
  Aligner aligner;
  int threads;
};

Explainer::Explainer(std::shared_ptr<const Model> model, std::shared_ptr<const Concepts> concepts,
                     int threads, Precision precision)
    : impl_(with_own_errors([&] {
        return std::make_unique<Impl>(std::move(model), std::move(concepts), threads, precision);
      })) {
}
Explainer::~Explainer() = default;
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer& Explainer::operator=(Explainer&&) noexcept = default;

PhotoExplanation Explainer::explain(const ImageView& photo, const ExplainOptions& options) {
  return with_own_errors([&] {
    impl_->check(options);
    PhotoResult result = impl_->predictor.predict(photo, Impl::with_features(options.predict));
    const ThreadLimit limit(impl_->threads);
    const Limits& limits = options.predict.locate.limits;
    const InterruptionScope scope(limits.stop, limits.deadline);
    std::vector<FaceInPhoto> places;
    for (const Face& face : result.faces) places.push_back({photo, face.box, face.turn});
    return impl_->explain(std::move(result), photo, places, nullptr, options);
  });
}

PhotoExplanation Explainer::explain(EncodedPhoto& photo, const ExplainOptions& options) {
  return with_own_errors([&] {
    impl_->check(options);
    PhotoResult result = impl_->predictor.predict(photo, Impl::with_features(options.predict));
    if (result.faces.empty()) {
      PhotoExplanation none;
      none.photo = std::move(result);
      return none;
    }
    const ThreadLimit limit(impl_->threads);
    const Limits& limits = options.predict.locate.limits;
    const InterruptionScope scope(limits.stop, limits.deadline);
    const ReducedPhoto reduced = decode_for_search(
        decoder_of(photo), parts_of(*impl_->of.model).localiser, options.predict.locate);
    const ImageView view = reduced.photo.image;
    const auto scale = static_cast<float>(reduced.photo.reduce);
    std::vector<FaceInPhoto> places;
    for (const Face& face : result.faces) {
      const Box box = {(face.box.x - static_cast<float>(reduced.photo.offset_x)) / scale,
                       (face.box.y - static_cast<float>(reduced.photo.offset_y)) / scale,
                       face.box.width / scale, face.box.height / scale};
      places.push_back({view, box, face.turn, &reduced.from});
    }
    return impl_->explain(std::move(result), view, places, &reduced.photo, options);
  });
}

const Model& Explainer::model() const {
  return *impl_->of.model;
}

const Concepts& Explainer::concepts() const {
  return *impl_->of.concepts;
}

}  // namespace facet
