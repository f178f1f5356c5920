// SPDX-License-Identifier: Apache-2.0
// Mean responses: of channels, inside windows, and the peaks among windows.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/thread_limit.hpp"
#include "localise/blob_model.hpp"
#include "localise/lnet.hpp"
#include "localise/localiser.hpp"
#include "localise/proposers/edgeboxes/density_peaks.hpp"
#include "localise/proposers/edgeboxes/response_sums.hpp"

namespace facet::detail {
namespace {

ScaleMap map_of(int width, int height) {
  ScaleMap map;
  map.width = width;
  map.height = height;
  map.step = 10;
  map.first_x = 7;  // cell (0, 0) covers 2 … 12
  map.first_y = 5;  // and 0 … 10
  map.values.resize(static_cast<std::size_t>(width * height));
  std::iota(map.values.begin(), map.values.end(), 1.0F);
  return map;
}

TEST(ResponseSums, AddUpWholeCellsAndPartsOfCells) {
  const ScaleMap map = map_of(3, 2);  // 1 2 3 / 4 5 6
  const ResponseSums sums(map);
  EXPECT_FLOAT_EQ(sums.inside({2, 0, 30, 20}), 100 * 21);
  EXPECT_FLOAT_EQ(sums.inside({12, 0, 10, 20}), 100 * 7);
  EXPECT_FLOAT_EQ(sums.inside({2, 0, 5, 10}), 50 * 1);
  EXPECT_FLOAT_EQ(sums.inside({7, 5, 10, 10}), 25 * (1 + 2 + 4 + 5));
}

TEST(ResponseSums, HaveNothingBeyondTheMap) {
  const ScaleMap map = map_of(3, 2);
  const ResponseSums sums(map);
  EXPECT_FLOAT_EQ(sums.inside({-100, -100, 300, 300}), 100 * 21);
  EXPECT_EQ(sums.inside({40, 0, 20, 20}), 0);
  EXPECT_EQ(ResponseSums(ScaleMap()).inside({0, 0, 5, 5}), 0);
}

TEST(DensityPeaks, KeepOneWindowAFace) {
  const std::vector<DensePlace> places = {
      {{0, 0, 40, 40}, 3},    {{3, 2, 40, 40}, 5},  {{-4, 1, 44, 40}, 4},  // one face
      {{100, 5, 40, 40}, 2},  {{98, 9, 36, 40}, 3},                        // another
      {{105, 10, 20, 20}, 1},                                              // inside it
  };
  EXPECT_EQ(density_peaks(places), (std::vector<std::size_t>{1, 4}));
}

TEST(DensityPeaks, MeasureTheDistanceToTheNearestDenserWindowInItsSides) {
  const std::vector<DensePlace> places = {
      {{0, 0, 40, 40}, 3}, {{10, 0, 40, 40}, 2}, {{100, 0, 20, 20}, 1}};
  const std::vector<float> distances = distances_to_denser(places);
  EXPECT_FLOAT_EQ(distances[1], 0.25F);
  EXPECT_FLOAT_EQ(distances[2], std::hypot(80.0F, 10.0F) / 40);
  EXPECT_FLOAT_EQ(distances[0], distances[2]);  // none is denser: the largest of all
}

TEST(DensityPeaks, TakeTheFirstOfEquals) {
  const std::vector<DensePlace> places(4, {{5, 5, 30, 30}, 1});
  EXPECT_EQ(density_peaks(places), (std::vector<std::size_t>{0}));
  EXPECT_TRUE(density_peaks({}).empty());
  const std::vector<DensePlace> silent(3, {{5, 5, 30, 30}, 0});
  EXPECT_EQ(density_peaks(silent).size(), 1U);
  const std::vector<DensePlace> quiet = {{{5, 5, 30, 30}, 1}, {{9, 5, 30, 30}, -3}};
  EXPECT_EQ(density_peaks(quiet), (std::vector<std::size_t>{0}));
}

TEST(CellValue, WeighsChannelsByTheirVotesForTags) {
  // Two channels: one sees light and speaks for a tag, the other sees dark and speaks against all.
  NetworkPart part = testing::blob_network();
  Layer c5;
  c5.name = "C5";
  c5.in_channels = 3;
  c5.out_channels = 2;
  c5.relu = true;
  Layer tags;
  tags.name = "tags";
  tags.in_channels = 2;
  tags.out_channels = 2;
  part.spec.layers = {c5, tags};
  part.weights.clear();
  part.weights["C5.weight"] = {{2, 3, 1, 1}, {1, 1, 1, -3, -3, -3}};
  part.weights["C5.bias"] = {{2}, {0, 0}};
  part.weights["tags.weight"] = {{2, 2, 1, 1}, {2, -1, -5, -2}};
  part.weights["tags.bias"] = {{2}, {0, 0}};
  const Network network(part.spec, part.weights);
  LNet lnet(network, "tags");
  const std::array<Image, 2> photos = {testing::flat_photo(8, 8, 255),
                                       testing::flat_photo(8, 8, 0)};
  const auto mean = lnet.run(photos, CellValue::mean_response(network, "C5"));
  const auto voted = lnet.run(photos, CellValue::voted_response(network, "tags", "C5"));
  EXPECT_FLOAT_EQ(mean[0].values[0], 0.75F);  // (1.5 + 0) / 2
  EXPECT_FLOAT_EQ(voted[0].values[0], 1.5F);  // the first channel alone
  EXPECT_FLOAT_EQ(mean[1].values[0], 2.25F);  // dark is louder …
  EXPECT_FLOAT_EQ(voted[1].values[0], 0.0F);  // … but speaks for nothing
}

TEST(Localiser, CanRankItsWindowsByTheMeanResponse) {
  const ThreadLimit one(1);
  Image photo = testing::flat_photo(200, 160, 0);
  testing::draw_blob(photo, 100, 80, 50);
  for (const bool second_look : {false, true}) {
    const auto model = testing::blob_model(second_look);
    const auto by_tags = Localiser(model).windows(photo, 20, 1, true);
    const auto by_response =
        Localiser(model, Precision::fp32, Ranking::response).windows(photo, 20, 1, true);
    ASSERT_EQ(by_response.size(), 1U);
    EXPECT_NEAR(by_response[0].centre_x, 100, 6);
    EXPECT_NEAR(by_response[0].side, 50, 10);
    EXPECT_LT(by_response[0].score, by_tags[0].score);  // rectified mean, not tag logits
    EXPECT_GT(by_response[0].score, 0);
  }
}

}  // namespace
}  // namespace facet::detail
