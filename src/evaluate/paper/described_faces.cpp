// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/described_faces.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "evaluate/photo_workers.hpp"
#include "heads/linear_head.hpp"
#include "predict/strongest_face.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kPlace = 6;  // x, y, width, height, turn, readable

struct Writer {
  Writer(std::size_t photos, int width) {
    features.width = static_cast<std::size_t>(width);
    features.values.resize(photos * features.width);
    places.width = kPlace;
    places.values.resize(photos * kPlace);
  }

  void write(std::size_t photo, std::span<const float> patches, int count, const Box& box,
             int turn) {
    const std::vector<float> mean = mean_over_patches(patches, count);
    std::copy(mean.begin(), mean.end(),
              features.values.begin() + static_cast<std::ptrdiff_t>(photo * features.width));
    const std::vector<float> place = {box.x, box.y, box.width, box.height, static_cast<float>(turn),
                                      1};
    std::copy(place.begin(), place.end(),
              places.values.begin() + static_cast<std::ptrdiff_t>(photo * kPlace));
  }

  StoredTables take() { return {{"features", std::move(features)}, {"places", std::move(places)}}; }

  StoredRows features;
  StoredRows places;
};

// A face in the middle, as high as half the photo.
Box middle_box(const Image& photo) {
  const float side = 0.5F * static_cast<float>(std::min(photo.width, photo.height));
  return {(static_cast<float>(photo.width) - 0.72F * side) / 2,
          (static_cast<float>(photo.height) - side) / 2, 0.72F * side, side};
}

}  // namespace

StoredTables describe_strongest(const std::shared_ptr<const Model>& model, const std::string& layer,
                                const PaperSet& set, const PaperOptions& options) {
  Writer writer(set.size(), StrongestFace(model, options.precision).feature_size(layer));
  const auto make_work = [&]() -> PhotoWork {
    const auto face = std::make_shared<StrongestFace>(model, options.precision);
    return [&, face](const ListedPhoto& photo, std::size_t index) {
      LocateOptions strongest;
      strongest.dominant = true;
      const StrongestFace::Found found = face->find(photo.image, strongest, layer);
      const Face& first = found.result.faces.at(0);
      writer.write(index, found.features, face->patches_per_face(), first.box, first.turn);
    };
  };
  for_each_photo(set.photos.photos, options.threads, set.name, options.progress, make_work);
  return writer.take();
}

StoredTables describe_listed(const std::shared_ptr<const Model>& model, const std::string& layer,
                             const PaperSet& set, const PaperOptions& options) {
  Writer writer(set.size(), StrongestFace(model, options.precision).feature_size(layer));
  for_each_photo(
      set.photos.photos, model, options.threads, options.precision, set.name, options.progress,
      [&](Predictor& predictor, const ListedPhoto& photo, std::size_t index) {
        const Box box = photo.boxes.empty() ? middle_box(photo.image) : photo.boxes.front();
        const auto features = predictor.features(photo.image, {&box, 1}, set.photos.head).at(0);
        writer.write(index, features, 1, box, 0);
      });
  return writer.take();
}

DescribedFaces faces_of(StoredTables tables) {
  DescribedFaces faces;
  faces.features = std::move(tables.at("features"));
  const StoredRows& places = tables.at("places");
  for (std::size_t i = 0; i < places.rows(); ++i) {
    const float* place = places.row(i);
    faces.boxes.push_back({place[0], place[1], place[2], place[3]});
    faces.turns.push_back(static_cast<int>(place[4]));
    faces.readable.push_back(place[5] > 0);
  }
  return faces;
}

}  // namespace facet::detail
