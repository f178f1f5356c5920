// SPDX-License-Identifier: Apache-2.0
#include "predict/strongest_face.hpp"

#include <utility>

#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "facet/error.hpp"

namespace facet::detail {

struct StrongestFace::Impl {
  Impl(std::shared_ptr<const Model> model, Precision precision, int thread_count)
      : predictor(model, thread_count, precision),
        describer(std::move(model), precision),
        threads(thread_count) {}

  Face strongest(const Image& photo) {
    LocateOptions strongest;
    strongest.dominant = true;
    const PhotoResult located = predictor.locate(photo, strongest);
    if (located.faces.empty()) {
      throw Error(ErrorCode::invalid_argument, "a photo of " + std::to_string(photo.width) + "×" +
                                                   std::to_string(photo.height) +
                                                   " pixels has no window that LNet could look at");
    }
    return located.faces.front();
  }

  Predictor predictor;
  Describer describer;
  int threads;
};

StrongestFace::StrongestFace(std::shared_ptr<const Model> model, Precision precision, int threads)
    : impl_(std::make_unique<Impl>(std::move(model), precision, threads)) {
}
StrongestFace::~StrongestFace() = default;
StrongestFace::StrongestFace(StrongestFace&&) noexcept = default;

std::vector<std::vector<float>> StrongestFace::features(std::span<const Image> photos,
                                                        std::span<const std::string> layers) {
  std::vector<FaceInPhoto> faces;
  for (const Image& photo : photos) {
    const Face face = impl_->strongest(photo);
    faces.push_back({photo, face.box, face.turn});
  }
  const ThreadLimit limit(impl_->threads);
  std::vector<std::vector<float>> features;
  for (const std::string& layer : layers) {
    features.push_back(impl_->describer.features(faces, layer));
  }
  return features;
}

std::vector<float> StrongestFace::features(const Image& photo, const std::string& layer) {
  return std::move(features({&photo, 1}, {&layer, 1}).front());
}

StrongestFace::Found StrongestFace::find(const Image& photo, const LocateOptions& options,
                                         const std::string& layer) {
  return find(photo, options, layer, {});
}

StrongestFace::Found StrongestFace::find(const Image& photo, const LocateOptions& options,
                                         const std::string& layer, const ChooseFace& choose) {
  Found found{impl_->predictor.locate(photo, options), {}};
  if (choose) {
    std::vector<Face> chosen;
    const int at = choose(found.result);
    if (at >= 0) chosen.push_back(found.result.faces.at(static_cast<std::size_t>(at)));
    found.result.faces = std::move(chosen);
  }
  if (!found.result.faces.empty()) {
    const ThreadLimit limit(impl_->threads);
    const Face& face = found.result.faces.front();
    const FaceInPhoto place{photo, face.box, face.turn};
    found.features = impl_->describer.features({&place, 1}, layer);
  }
  return found;
}

int StrongestFace::patches_per_face() const {
  return impl_->describer.patches_per_face();
}

int StrongestFace::feature_size(const std::string& layer) const {
  return impl_->describer.feature_size(layer);
}

}  // namespace facet::detail
