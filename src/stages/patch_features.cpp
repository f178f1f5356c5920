// SPDX-License-Identifier: Apache-2.0
#include "stages/patch_features.hpp"

#include <algorithm>

#include "base/parallel_loop.hpp"
#include "predict/strongest_face.hpp"

namespace facet::detail {

PatchFeatures patch_features(const std::shared_ptr<const Model>& model, const PackedPhotos& pack,
                             std::vector<const PackEntry*> photos, const std::string& layer,
                             int threads) {
  PatchFeatures result;
  result.photos = std::move(photos);
  {
    const StrongestFace face(model);
    result.patches = face.patches_per_face();
    result.features = face.feature_size(layer);
  }
  const auto stride =
      static_cast<std::size_t>(result.patches) * static_cast<std::size_t>(result.features);
  result.values.resize(result.photos.size() * stride);
  for_each_worker(result.photos.size(), threads, [&]() -> IndexedWork {
    const auto face = std::make_shared<StrongestFace>(model);
    return [&, face](std::size_t i) {
      const auto values = face->features(pack.read(*result.photos[i]), layer);
      std::copy(values.begin(), values.end(),
                result.values.begin() + static_cast<std::ptrdiff_t>(i * stride));
    };
  });
  return result;
}

}  // namespace facet::detail
