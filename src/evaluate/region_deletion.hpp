// SPDX-License-Identifier: Apache-2.0
// Parts of a face made unrecognisable, step by step, in an order that is to be judged.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "explain/concept_parts.hpp"
#include "explain/response_map.hpp"
#include "facet/image.hpp"
#include "network/network.hpp"

namespace facet::detail {

inline constexpr int kDeletionCells = 12;  // a side of the square that ANet sees

// Cells, the one to go first in front: by how much the map says they support the answer.
std::vector<int> order_by_map(const RegionMap& map, bool present);
// Random squares of 3 by 3 cells, which are as connected as maps are; the same for the same name.
std::vector<int> random_order(const std::string& name);
// From the middle outwards: an order that knows where faces are and nothing else.
std::vector<int> order_from_middle();

// The square with these cells blurred until nothing but their colour is left.
Image without_cells(const Image& square, const std::vector<int>& cells, std::size_t count);

// ANet on the whole square: the mean feature vector over its patches, at fp32. Not thread-safe.
class SquareReader {
 public:
  SquareReader(const ModelParts& model, const std::string& feature_layer);
  std::vector<float> features(const Image& square);
  // Of any layer: patch after patch.
  std::vector<float> values(const Image& square, const std::string& layer);

 private:
  const ModelParts& model_;
  std::string feature_layer_;
  NetworkRunner runner_;
};

// ANet and a head's weights with the numbers of the feature layer, and of each row of the head, in
// another order: a model that knows nothing, of the same shape.
struct ShuffledModel {
  ModelParts parts;           // anet and patches alone
  std::vector<float> weight;  // attributes × neurons
};
ShuffledModel shuffled(const ModelParts& model, const Head& head);

}  // namespace facet::detail
