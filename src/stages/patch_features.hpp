// SPDX-License-Identifier: Apache-2.0
// ANet's features of packed photos, through LNet: what heads are trained on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "facet/model.hpp"
#include "pack/packed_photos.hpp"

namespace facet::detail {

struct PatchFeatures {
  int patches = 0;   // of a photo
  int features = 0;  // of a patch
  std::vector<const PackEntry*> photos;
  std::vector<float> values;  // photos × patches × features

  [[nodiscard]] const float* photo(std::size_t index) const {
    return values.data() +
           index * static_cast<std::size_t>(patches) * static_cast<std::size_t>(features);
  }
};

// The strongest window of each photo, described by all patches of the model's grid.
PatchFeatures patch_features(const std::shared_ptr<const Model>& model, const PackedPhotos& pack,
                             std::vector<const PackEntry*> photos, const std::string& layer,
                             int threads);

}  // namespace facet::detail
