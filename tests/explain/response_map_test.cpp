// SPDX-License-Identifier: Apache-2.0
#include "explain/response_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace facet::detail {
namespace {

constexpr int kSide = 12;     // of a patch
constexpr int kMapSide = 6;   // of the map below the feature layer
constexpr int kChannels = 4;  // one of each bank

// One layer of locally shared filters, as paper's last, and a neuron that sees one value of it.
struct LocalModel {
  LocalModel(int bank, int y, int x) {
    Layer local;
    local.name = "C";
    local.kind = LayerKind::local_stacked;
    local.in_channels = 3;
    local.out_channels = 1;
    local.kernel = 3;
    local.cells = 3;
    Layer feature;
    feature.name = "FC";
    feature.in_channels = kChannels;
    feature.out_channels = 1;
    feature.kernel = kMapSide;
    feature.relu = true;
    WeightMap weights;
    weights["C.weight"] = {{4, 1, 3, 3, 3}, std::vector<float>(108, 0.0F)};
    weights["C.bias"] = {{4, 1}, std::vector<float>(4, 0.0F)};
    std::vector<float> one(kChannels * kMapSide * kMapSide, 0.0F);
    one[static_cast<std::size_t>((bank * kMapSide + y) * kMapSide + x)] = 1;
    weights["FC.weight"] = {{1, kChannels, kMapSide, kMapSide}, one};
    weights["FC.bias"] = {{1}, {0.0F}};
    model.anet.emplace(NetworkSpec{{local, feature}}, std::move(weights));
    model.patches.region_side = kSide;
    model.patches.patch_side = kSide;
    model.patches.offsets = {0};
    model.patches.mirrored = false;
    parts.feature_layer = "FC";
    parts.mean = {0};
    parts.map_side = kMapSide;
    parts.mean_map.assign(kChannels * kMapSide * kMapSide, 0.0F);
  }

  // Where the map of a face whose values are all 2 is largest.
  struct Peak {
    int y = 0;
    int x = 0;
    double sum = 0;
  };
  [[nodiscard]] Peak peak() const {
    const ResponseMaps maps(parts, model);
    EXPECT_TRUE(maps.serve());
    EXPECT_EQ(maps.layer(), "C");
    const std::size_t patches = model.patches.mirrored ? 2 : 1;
    const std::vector<float> values(patches * kChannels * kMapSide * kMapSide, 2.0F);
    const std::vector<float> weight = {0.5F};
    const RegionMap map = maps.maps(values, weight).at(0);
    const auto most = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
    return {static_cast<int>(most) / map.side, static_cast<int>(most) % map.side,
            std::accumulate(map.values.begin(), map.values.end(), 0.0)};
  }

  ConceptParts parts;
  ModelParts model;
};

// Pixels are two cells of the region wide.
TEST(ResponseMap, ShowsAValueWhereItsBankLooks) {
  // The upper left bank sees pixels 0 … 7; its first value has pixel 1 in the middle.
  const auto upper_left = LocalModel(0, 0, 0).peak();
  EXPECT_NEAR(upper_left.y, 3, 1);
  EXPECT_NEAR(upper_left.x, 3, 1);
  // The lower right one sees pixels 4 … 11; its last value has pixel 10 in the middle.
  const auto lower_right = LocalModel(3, 5, 5).peak();
  EXPECT_NEAR(lower_right.y, 21, 1);
  EXPECT_NEAR(lower_right.x, 21, 1);
  // The same place of the upper right bank: four pixels further up.
  const auto upper_right = LocalModel(1, 5, 5).peak();
  EXPECT_NEAR(upper_right.y, 13, 1);
  EXPECT_NEAR(upper_right.x, 21, 1);
}

TEST(ResponseMap, SumsToWhatIsMoreThanOnTheAverageMap) {
  EXPECT_NEAR(LocalModel(2, 3, 1).peak().sum, 0.5 * 2, 1e-5);
  LocalModel average(2, 3, 1);
  average.parts.mean_map.assign(average.parts.mean_map.size(), 0.75F);
  EXPECT_NEAR(average.peak().sum, 0.5 * (2 - 0.75), 1e-5);
}

TEST(ResponseMap, TurnsMirroredPatchesBack) {
  LocalModel mirrored(3, 5, 5);
  mirrored.model.patches.mirrored = true;
  // One patch shows it at the right, the mirrored one at the left, half of it each.
  const ResponseMaps maps(mirrored.parts, mirrored.model);
  std::vector<float> values(2 * kChannels * kMapSide * kMapSide, 0.0F);
  std::fill(values.begin() + kChannels * kMapSide * kMapSide, values.end(), 2.0F);
  const std::vector<float> weight = {0.5F};
  const RegionMap map = maps.maps(values, weight).at(0);
  const auto most = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
  EXPECT_NEAR(static_cast<double>(most % map.side), 3, 1);
  EXPECT_NEAR(std::accumulate(map.values.begin(), map.values.end(), 0.0), 0.5, 1e-5);
}

TEST(ResponseMap, IsNamedAfterWhereTheSupportLies) {
  RegionMap map;
  map.side = kRegionSide;
  map.values.assign(kRegionSide * kRegionSide, 0.0F);
  map.values[7 * kRegionSide + 12] = 3;    // the forehead
  map.values[15 * kRegionSide + 12] = -5;  // the mouth
  PatchSettings patches;
  patches.region_scale = 1.5F;
  patches.centre_y = -0.06F;
  name_place(map, true, patches);
  EXPECT_EQ(map.place, "hair and forehead");
  EXPECT_FLOAT_EQ(map.place_share, 1);
  name_place(map, false, patches);
  EXPECT_EQ(map.place, "mouth");
}

}  // namespace
}  // namespace facet::detail
