// SPDX-License-Identifier: Apache-2.0
#include "stages/patch_features.hpp"

#include <algorithm>

#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "localise/localiser.hpp"
#include "model/model_access.hpp"

namespace facet::detail {

PatchFeatures patch_features(const std::shared_ptr<const Model>& model, const PackedPhotos& pack,
                             std::vector<const PackEntry*> photos, const std::string& layer,
                             int threads) {
  PatchFeatures result;
  result.photos = std::move(photos);
  {
    const Describer describer(model);
    result.patches = describer.patches_per_face();
    result.features = describer.feature_size(layer);
  }
  const auto stride =
      static_cast<std::size_t>(result.patches) * static_cast<std::size_t>(result.features);
  result.values.resize(result.photos.size() * stride);
  const auto workers = static_cast<std::size_t>(std::max(1, threads));
  for_each_parallel(workers, threads, [&](std::size_t worker) {
    const ThreadLimit one(1);
    Localiser localiser(model);
    Describer describer(model);
    const auto& settings = parts_of(*model).localiser;
    for (std::size_t i = worker; i < result.photos.size(); i += workers) {
      const Image photo = pack.read(*result.photos[i]);
      const auto windows = localiser.windows(photo, settings.min_face, 1, true);
      const Box box = window_to_box(windows.front(), settings, photo.width, photo.height);
      const auto values = describer.features(photo, std::span(&box, 1), layer);
      std::copy(values.begin(), values.end(),
                result.values.begin() + static_cast<std::ptrdiff_t>(i * stride));
    }
  });
  return result;
}

}  // namespace facet::detail
