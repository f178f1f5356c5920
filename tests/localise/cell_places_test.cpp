// SPDX-License-Identifier: Apache-2.0
#include "localise/cell_places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "facet/image.hpp"
#include "image/resample.hpp"
#include "localise/image_halvings.hpp"
#include "localise/lnet.hpp"
#include "localise/pyramid.hpp"
#include "localise/ranking.hpp"
#include "model/model_access.hpp"
#include "network/amx/processor.hpp"

namespace facet::detail {
namespace {

CellMap empty_map(int width, int height) {
  return {height, width,
          std::vector<float>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

void set(CellMap& map, int x, int y, float value) {
  map.values[static_cast<std::size_t>(y * map.width + x)] = value;
}

bool holds(const CellRect& place, int x, int y) {
  return x >= place.x && x < place.x + place.width && y >= place.y && y < place.y + place.height;
}

TEST(CellPlaces, AMapWithoutEvidenceHasNone) {
  CellMap map = empty_map(50, 40);
  set(map, 20, 20, 0.1F);
  EXPECT_TRUE(places_from(map, 0.15F, 5).empty());
}

TEST(CellPlaces, HoldEachCellAndItsNeighboursInsideTheMap) {
  CellMap map = empty_map(100, 80);
  set(map, 0, 0, 1);
  set(map, 60, 30, 1);
  set(map, 99, 79, 1);
  const std::vector<CellRect> places = places_from(map, 0.15F, 5);
  ASSERT_EQ(places.size(), 3U);
  for (const auto& [x, y] : {std::pair(0, 0), std::pair(60, 30), std::pair(99, 79)}) {
    for (int v = std::max(0, y - 1); v <= std::min(79, y + 1); ++v) {
      for (int u = std::max(0, x - 1); u <= std::min(99, x + 1); ++u) {
        EXPECT_EQ(std::count_if(places.begin(), places.end(),
                                [&](const CellRect& place) { return holds(place, u, v); }),
                  1)
            << u << ' ' << v;
      }
    }
  }
  for (const CellRect& place : places) {
    EXPECT_GE(place.x, 0);
    EXPECT_GE(place.y, 0);
    EXPECT_LE(place.x + place.width, 100);
    EXPECT_LE(place.y + place.height, 80);
    EXPECT_LE(place.width * place.height, 9);
  }
}

TEST(CellPlaces, NearOnesAreOne) {
  CellMap map = empty_map(100, 80);
  set(map, 50, 30, 1);
  set(map, 54, 31, 1);
  set(map, 50, 34, 1);
  EXPECT_EQ(places_from(map, 0.15F, 5).size(), 1U);
}

TEST(CellPlaces, ACrowdIsTheWholeMap) {
  CellMap map = empty_map(100, 80);
  for (int y = 5; y < 80; y += 8) {
    for (int x = 5; x < 100; x += 8) set(map, x, y, 1);
  }
  const std::vector<CellRect> places = places_from(map, 0.15F, 5);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].width, 100);
  EXPECT_EQ(places[0].height, 80);
}

// Every cell that could be a face, or is beside one, is what LNet's own arithmetic gives.
TEST(CoarseFirst, CellsWithEvidenceAreExactToTheBit) {
  if (!has_amx()) GTEST_SKIP() << "this processor has no AMX: there is no coarse look";
  const std::string root = FACET_SOURCE_DIR;
  const auto model = Model::load(root + "/models/best.safetensors");
  const ModelParts& parts = parts_of(*model);
  const Image group = read_image(root + "/samples/solvay_1927.jpg");
  const Image photo = resize(group, 2000, 1447);
  LNet lnet(*parts.lnet_o, parts.evidence_layer, Arithmetic::bf16x3);
  const CellValue value = ranking_value(*parts.lnet_o, parts, Ranking::evidence);
  ImageHalvings halvings(photo);
  std::size_t with_evidence = 0;
  for (const Level& level : pyramid_levels(photo.width, photo.height, 47, parts.localiser,
                                           lnet.geometry().stride, false)) {
    const ScaleMap exact = lnet.run_level(halvings, level, value);
    const ScaleMap coarse = lnet.run_level(halvings, level, value, 0.15F);
    ASSERT_EQ(coarse.values.size(), exact.values.size());
    std::size_t differ = 0;
    for (std::size_t i = 0; i < exact.values.size(); ++i) {
      if (exact.values[i] > parts.localiser.proposal_threshold) {
        ++with_evidence;
        EXPECT_EQ(coarse.values[i], exact.values[i]);
      }
      differ += coarse.values[i] == exact.values[i] ? 0 : 1;
      EXPECT_NEAR(coarse.values[i], exact.values[i], 0.3F);
    }
    EXPECT_LE(differ, exact.values.size() / 20);
  }
  EXPECT_GT(with_evidence, 29U);
}

}  // namespace
}  // namespace facet::detail
