// SPDX-License-Identifier: Apache-2.0
#include "predict/prediction_cost.hpp"

#include <gtest/gtest.h>

#include "localise/blob_model.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

NetworkPart network_of(const std::string& name, int outputs, int kernel) {
  NetworkPart part;
  Layer layer;
  layer.name = name;
  layer.in_channels = 3;
  layer.out_channels = outputs;
  layer.kernel = kernel;
  part.spec.layers = {layer};
  part.weights[name + ".weight"] = {
      {outputs, 3, kernel, kernel},
      std::vector<float>(static_cast<std::size_t>(outputs * 3 * kernel * kernel), 0.0F)};
  part.weights[name + ".bias"] = {{outputs},
                                  std::vector<float>(static_cast<std::size_t>(outputs), 0.0F)};
  return part;
}

TEST(PredictionCost, CountsEveryPartAsOftenAsItLooks) {
  ModelParts parts = testing::blob_parts();
  parts.alignment.side = 8;
  parts.alignment.looks = 3;
  parts.patches.region_side = 8;
  parts.patches.patch_side = 8;
  parts.patches.offsets = {0};
  parts.patches.mirrored = true;
  const auto model = testing::load_model(parts, {{"lnet_o", testing::blob_network()},
                                                 {"aligner", network_of("pose", 4, 8)},
                                                 {"anet", network_of("FC", 5, 8)}});
  const PredictionCost cost = prediction_cost(parts_of(*model), 200);
  EXPECT_EQ(cost.aligner, 3 * 4 * 3 * 64);
  EXPECT_EQ(cost.anet, 2 * 5 * 3 * 64);
  EXPECT_EQ(cost.lnet_s, 0);
  EXPECT_EQ(cost.total(), cost.lnet_o + cost.aligner + cost.anet);
  // Four times the photo is about four times the work of LNet_o.
  const PredictionCost larger = prediction_cost(parts_of(*model), 400);
  EXPECT_GT(larger.lnet_o, 3.5 * static_cast<double>(cost.lnet_o));
  EXPECT_LT(larger.lnet_o, 4.5 * static_cast<double>(cost.lnet_o));
  EXPECT_EQ(larger.anet, cost.anet);
}

}  // namespace
}  // namespace facet::detail
