// SPDX-License-Identifier: Apache-2.0
// The images that each network of a model sees when a photo is predicted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "facet/model.hpp"

namespace facet::bench {

// Images of one size that go through a network together.
struct NetworkBatch {
  std::string network;  // lnet_o, lnet_s, aligner, anet
  std::vector<Image> images;
};

struct PhotoInputs {
  std::vector<NetworkBatch> batches;
  std::vector<Image>
      regions;  // of the faces, each followed by its mirror image: what one pass reads
  std::size_t faces = 0;
};

// Follows the way of a photo through prediction at the model's own settings.
PhotoInputs network_inputs(const std::shared_ptr<const Model>& model, const Image& photo);

}  // namespace facet::bench
