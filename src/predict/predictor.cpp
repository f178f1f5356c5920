// SPDX-License-Identifier: Apache-2.0
#include "facet/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error_boundary.hpp"
#include "base/interruption.hpp"
#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "facet/error.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "image/encoded_photo_access.hpp"
#include "localise/face_search.hpp"
#include "localise/smallest_face.hpp"
#include "model/model_access.hpp"
#include "predict/face_locator.hpp"
#include "predict/reduced_photo.hpp"

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

// Pixels of files' photos that wait to be described together.
constexpr std::size_t kMostBytesTogether = std::size_t{16} << 20;

constexpr int kAllWindows = std::numeric_limits<int>::max();

void check(const LocateOptions& options) {
  if (options.min_face && !(std::isfinite(*options.min_face) && *options.min_face >= kMinFace)) {
    throw Error(ErrorCode::invalid_argument, "the smallest face is " +
                                                 std::to_string(*options.min_face) +
                                                 " pixels, must be at least 8");
  }
  if (options.threshold && std::isnan(*options.threshold)) {
    throw Error(ErrorCode::invalid_argument, "the threshold is not a number");
  }
  if (options.max_faces && *options.max_faces < 1) {
    throw Error(ErrorCode::invalid_argument, "at most " + std::to_string(*options.max_faces) +
                                                 " faces asked for, must be at least 1");
  }
}

}  // namespace

struct Predictor::Impl {
  Impl(std::shared_ptr<const Model> owned, int thread_count, Precision wanted)
      : model(checked(owned)),
        precision(wanted),
        locator(model, precision),
        threads(checked_threads(thread_count)) {}

  PhotoResult locate(const ImageView& photo, const LocateOptions& options) {
    PhotoResult result;
    result.width = photo.width;
    result.height = photo.height;
    result.min_face = options.min_face.value_or(
        smallest_face(parts_of(*model).localiser, photo.width, photo.height));
    const float threshold =
        options.threshold.value_or(locator.localiser().default_threshold(options.proposals));
    const SearchRequest request{result.min_face,   options.dominant ? 1 : kAllWindows,
                                options.dominant,  threshold,
                                options.proposals, options.turns};
    for (const ScoredBox& found : locator.locate(photo, request, options.all)) {
      if (options.max_faces && static_cast<int>(result.faces.size()) >= *options.max_faces) {
        ++result.faces_left_out;
        continue;
      }
      Face face;
      face.box = found.box;
      face.score = found.score;
      face.below_threshold = found.score < threshold || found.let_in;
      face.turn = found.turn;
      result.faces.push_back(std::move(face));
    }
    result.status = result.faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
    return result;
  }

  PhotoResult locate(const ReducedPhoto& photo, LocateOptions options) {
    options.min_face = photo.min_face;
    return locate(photo.photo.image, options);
  }

  // ANet's values of that layer: faces × patches × features.
  std::vector<float> layer_values(std::span<const FaceInPhoto> places, const std::string& layer) {
    // Models that only locate have no ANet: it is asked for when first needed.
    return locator.describer().features(places, layer);
  }

  // Attributes of `heads`, one head after the other, of faces that belong to any of some photos.
  // `keep_features`: of the layer that the first head reads.
  void describe(std::span<const FaceInPhoto> places, std::span<Face* const> faces,
                std::span<const Head* const> heads, ThresholdMode mode, bool keep_features) {
    if (faces.empty()) return;
    std::map<std::string, std::vector<float>> features;  // of each layer that heads ask for
    for (const Head* head : heads) {
      std::vector<float>& values = features[head->feature_layer];
      if (values.empty()) values = layer_values(places, head->feature_layer);
      const std::size_t per_face = values.size() / faces.size();
      const int patches = locator.describer().patches_per_face();
      for (std::size_t i = 0; i < faces.size(); ++i) {
        const std::span<const float> of_face = std::span(values).subspan(i * per_face, per_face);
        for (Attribute& attribute : calibrate(*head, head_scores(*head, of_face, patches), mode)) {
          faces[i]->attributes.push_back(std::move(attribute));
        }
        if (keep_features && head == heads.front()) {
          faces[i]->features = mean_over_patches(of_face, patches);
        }
      }
    }
  }

  std::vector<Head> checked_extra_heads(const std::vector<TaughtHead>& extras) {
    std::vector<Head> heads;
    std::set<std::string> names;
    for (const TaughtHead& extra : extras) {
      if (!names.insert(extra.name).second) {
        throw Error(ErrorCode::invalid_argument, "two extra heads are called " + extra.name);
      }
      if (anet_checksum.empty()) anet_checksum = describer_checksum(parts_of(*model));
      check_fit(extra, parts_of(*model), anet_checksum);
      heads.push_back(to_head(extra));
    }
    return heads;
  }

  std::shared_ptr<const Model> model;
  Precision precision;
  FaceLocator locator;
  std::string anet_checksum;  // empty until an extra head asks for it
  int threads;
};

namespace {

void check(std::span<const Box> boxes) {
  constexpr float far = 1e7F;  // from where on pixels are no longer told apart
  for (const Box& box : boxes) {
    const bool near = std::abs(box.x) < far && std::abs(box.y) < far && box.width < far &&
                      box.height < far;  // false for what is no number
    if (near && box.width > 0 && box.height > 0) continue;
    throw Error(ErrorCode::invalid_argument, "a box of " + std::to_string(box.width) + "x" +
                                                 std::to_string(box.height) + " pixels at (" +
                                                 std::to_string(box.x) + ", " +
                                                 std::to_string(box.y) + ") cannot hold a face");
  }
}

PhotoResult unreadable(const std::string& reason) {
  PhotoResult result;
  result.status = PhotoStatus::unreadable;
  result.reason = reason;
  return result;
}

PhotoResult not_whole() {
  return unreadable("the photo is empty or its sizes are inconsistent");
}

}  // namespace

Predictor::Predictor(std::shared_ptr<const Model> model, int threads, Precision precision)
    : impl_(with_own_errors(
          [&] { return std::make_unique<Impl>(std::move(model), threads, precision); })) {
}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

PhotoResult Predictor::predict(const ImageView& photo, const PredictOptions& options) {
  PhotoResult result = std::move(predict(std::span(&photo, 1), options).front());
  if (result.status == PhotoStatus::unreadable) {
    throw Error(ErrorCode::invalid_argument, result.reason);
  }
  return result;
}

std::vector<PhotoResult> Predictor::predict(std::span<const Image> photos,
                                            const PredictOptions& options) {
  const std::vector<ImageView> views(photos.begin(), photos.end());
  return predict(std::span<const ImageView>(views), options);
}

std::vector<PhotoResult> Predictor::predict(std::span<const ImageView> photos,
                                            const PredictOptions& options) {
  return with_own_errors([&] {
    check(options.locate);
    std::vector<const Head*> heads = {&find_head(parts_of(*impl_->model), options.head)};
    const std::vector<Head> extras = impl_->checked_extra_heads(options.extra_heads);
    for (const Head& extra : extras) heads.push_back(&extra);
    const ThreadLimit limit(impl_->threads);
    const InterruptionScope scope(options.locate.limits.stop, options.locate.limits.deadline);
    std::vector<PhotoResult> results;
    results.reserve(photos.size());
    for (const ImageView& photo : photos) {
      if (photo.empty()) {
        results.push_back(not_whole());
        continue;
      }
      results.push_back(impl_->locate(photo, options.locate));
    }
    std::vector<FaceInPhoto> places;
    std::vector<Face*> faces;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      for (Face& face : results[i].faces) {
        places.push_back({photos[i], face.box, face.turn});
        faces.push_back(&face);
      }
    }
    impl_->describe(places, faces, heads, options.threshold_mode, options.features);
    return results;
  });
}

PhotoResult Predictor::predict(EncodedPhoto& photo, const PredictOptions& options) {
  PhotoResult result = std::move(predict(std::span(&photo, 1), options).front());
  if (result.status == PhotoStatus::unreadable) {
    throw Error(ErrorCode::unreadable, result.reason);
  }
  return result;
}

std::vector<PhotoResult> Predictor::predict(std::span<EncodedPhoto> photos,
                                            const PredictOptions& options) {
  return with_own_errors([&] {
    check(options.locate);
    std::vector<const Head*> heads = {&find_head(parts_of(*impl_->model), options.head)};
    const std::vector<Head> extras = impl_->checked_extra_heads(options.extra_heads);
    for (const Head& extra : extras) heads.push_back(&extra);
    const ThreadLimit limit(impl_->threads);
    const InterruptionScope scope(options.locate.limits.stop, options.locate.limits.deadline);
    std::vector<PhotoResult> results(photos.size());
    std::vector<ReducedPhoto> reduced(photos.size());
    std::vector<FaceInPhoto> places;
    std::vector<Face*> faces;
    std::size_t first = 0;  // of the photos that wait to be described
    std::size_t bytes = 0;  // of their pixels
    const auto describe_waiting = [&](std::size_t end) {
      impl_->describe(places, faces, heads, options.threshold_mode, options.features);
      places.clear();
      faces.clear();
      for (; first < end; ++first) reduced[first].photo.image = {};
      bytes = 0;
    };
    for (std::size_t i = 0; i < photos.size(); ++i) {
      try {
        reduced[i] = decode_for_search(decoder_of(photos[i]), parts_of(*impl_->model).localiser,
                                       options.locate);
      } catch (const Error& error) {
        results[i] = unreadable(error.what());
        continue;
      }
      results[i] = impl_->locate(reduced[i], options.locate);
      for (Face& face : results[i].faces) {
        places.push_back({reduced[i].photo.image, face.box, face.turn, &reduced[i].from});
        faces.push_back(&face);
      }
      refer_to_full_photo(results[i], reduced[i].photo);
      if (results[i].faces.empty()) reduced[i].photo.image = {};
      bytes += reduced[i].photo.image.pixels.size();
      if (bytes >= kMostBytesTogether) describe_waiting(i + 1);
    }
    describe_waiting(photos.size());
    return results;
  });
}

PhotoResult Predictor::locate(EncodedPhoto& photo, const LocateOptions& options) {
  return with_own_errors([&] {
    check(options);
    const ThreadLimit limit(impl_->threads);
    const InterruptionScope scope(options.limits.stop, options.limits.deadline);
    const ReducedPhoto reduced =
        decode_for_search(decoder_of(photo), parts_of(*impl_->model).localiser, options);
    PhotoResult result = impl_->locate(reduced, options);
    refer_to_full_photo(result, reduced.photo);
    return result;
  });
}

PhotoResult Predictor::locate(const ImageView& photo, const LocateOptions& options) {
  return with_own_errors([&] {
    check(options);
    if (photo.empty()) throw Error(ErrorCode::invalid_argument, not_whole().reason);
    const ThreadLimit limit(impl_->threads);
    const InterruptionScope scope(options.limits.stop, options.limits.deadline);
    return impl_->locate(photo, options);
  });
}

ResponseMap Predictor::response_map(const ImageView& photo, const LocateOptions& options,
                                    int longest_side) {
  return with_own_errors([&] {
    check(options);
    if (photo.empty()) throw Error(ErrorCode::invalid_argument, not_whole().reason);
    if (longest_side < 1) {
      throw Error(ErrorCode::invalid_argument, "a response map of " + std::to_string(longest_side) +
                                                   " cells; it must have at least 1");
    }
    const ThreadLimit limit(impl_->threads);
    const InterruptionScope scope(options.limits.stop, options.limits.deadline);
    const LocaliserSettings& settings = parts_of(*impl_->model).localiser;
    HeatMap map = impl_->locator.evidence(
        photo, options.min_face.value_or(smallest_face(settings, photo.width, photo.height)),
        longest_side);
    return ResponseMap{map.width, map.height, std::move(map.values), settings.proposal_threshold};
  });
}

std::vector<Face> Predictor::describe(const ImageView& photo, std::span<const Box> boxes,
                                      const std::string& head, ThresholdMode threshold_mode) {
  PredictOptions options;
  options.head = head;
  options.threshold_mode = threshold_mode;
  return describe(photo, boxes, options);
}

std::vector<Face> Predictor::describe(const ImageView& photo, std::span<const Box> boxes,
                                      const PredictOptions& options) {
  return with_own_errors([&] {
    std::vector<const Head*> heads = {&find_head(parts_of(*impl_->model), options.head)};
    const std::vector<Head> extras = impl_->checked_extra_heads(options.extra_heads);
    for (const Head& extra : extras) heads.push_back(&extra);
    if (photo.empty()) throw Error(ErrorCode::invalid_argument, not_whole().reason);
    check(boxes);
    const ThreadLimit limit(impl_->threads);
    const InterruptionScope scope(options.locate.limits.stop, options.locate.limits.deadline);
    std::vector<Face> faces(boxes.size());
    std::vector<FaceInPhoto> places;
    std::vector<Face*> described;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      faces[i].box = boxes[i];
      places.push_back({photo, boxes[i]});
      described.push_back(&faces[i]);
    }
    impl_->describe(places, described, heads, options.threshold_mode, options.features);
    return faces;
  });
}

std::vector<std::vector<float>> Predictor::features(const ImageView& photo,
                                                    std::span<const Box> boxes,
                                                    const std::string& head) {
  return with_own_errors([&] {
    const Head& found = find_head(parts_of(*impl_->model), head);
    std::vector<std::vector<float>> features;
    if (boxes.empty()) return features;
    check(boxes);
    const ThreadLimit limit(impl_->threads);
    std::vector<FaceInPhoto> places;
    for (const Box& box : boxes) places.push_back({photo, box});
    const std::vector<float> values = impl_->layer_values(places, found.feature_layer);
    const std::size_t per_face = values.size() / boxes.size();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      features.push_back(mean_over_patches(std::span(values).subspan(i * per_face, per_face),
                                           impl_->locator.describer().patches_per_face()));
    }
    return features;
  });
}

const Model& Predictor::model() const {
  return *impl_->model;
}

Precision Predictor::precision() const {
  return impl_->precision;
}

}  // namespace facet
