// SPDX-License-Identifier: Apache-2.0
#include "localise/localiser.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/thread_limit.hpp"
#include "facet/error.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

using testing::blob_model;
using testing::blob_network;
using testing::blob_parts;
using testing::draw_blob;
using testing::flat_photo;
using testing::load_model;
using testing::noise_photo;

constexpr float kMinFace = 20;
constexpr int kMany = 50;

struct Blob {
  float x;
  float y;
  float height;
};

class LocaliserTest : public ::testing::TestWithParam<bool> {
 protected:
  LocaliserTest() : localiser_(blob_model(GetParam())) {}
  ThreadLimit one_core_{1};
  Localiser localiser_;
};

TEST_P(LocaliserTest, FindsABlobOfEverySizeAndPlace) {
  for (const Blob& blob : std::vector<Blob>{{100, 80, 27},
                                            {30, 120, 33},
                                            {151.5F, 41.3F, 41},
                                            {20, 20, 36},
                                            {100, 80, 57},
                                            {60, 90, 70},
                                            {140, 100, 85},
                                            {103, 77, 110},
                                            {100, 80, 96}}) {
    Image photo = flat_photo(200, 160, 0);
    draw_blob(photo, blob.x, blob.y, blob.height);
    const std::vector<Window> windows = localiser_.windows(photo, kMinFace, kMany, false);
    ASSERT_EQ(windows.size(), 1U) << blob.height << " at " << blob.x;
    EXPECT_NEAR(windows[0].centre_x, blob.x, 0.12F * blob.height);
    EXPECT_NEAR(windows[0].centre_y, blob.y, 0.12F * blob.height);
    EXPECT_NEAR(windows[0].side, blob.height, 0.15F * blob.height);
  }
}

TEST_P(LocaliserTest, FindsABlobInALargePhotoAtItsSizeAlone) {
  Image photo = flat_photo(1500, 1000, 10);
  draw_blob(photo, 1100, 400, 500);
  const std::vector<Window> windows = localiser_.windows(photo, 40, kMany, false);
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_NEAR(windows[0].centre_x, 1100, 40);
  EXPECT_NEAR(windows[0].centre_y, 400, 40);
  EXPECT_NEAR(windows[0].side, 500, 65);
}

TEST_P(LocaliserTest, IsQuietOnFlatAndNoisyPhotos) {
  for (const int value : {0, 70, 128}) {
    const Image photo = flat_photo(150, 130, static_cast<std::uint8_t>(value));
    EXPECT_TRUE(localiser_.windows(photo, kMinFace, kMany, false).empty()) << value;
  }
  EXPECT_TRUE(localiser_.windows(noise_photo(150, 130, 7), kMinFace, kMany, false).empty());
}

TEST_P(LocaliserTest, KeepsTwoNeighbours) {
  Image photo = flat_photo(220, 120, 0);
  draw_blob(photo, 70, 60, 40);
  draw_blob(photo, 122, 60, 40, 230);
  const std::vector<Window> windows = localiser_.windows(photo, kMinFace, kMany, false);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_NEAR(windows[0].centre_x, 70, 4);
  EXPECT_NEAR(windows[1].centre_x, 122, 4);
  EXPECT_GE(windows[0].score, windows[1].score);
}

TEST_P(LocaliserTest, KeepsTheStrongestOfMany) {
  Image photo = flat_photo(300, 200, 0);
  draw_blob(photo, 60, 60, 40, 200);
  draw_blob(photo, 200, 120, 60, 255);
  draw_blob(photo, 60, 150, 40, 180);
  EXPECT_EQ(localiser_.windows(photo, kMinFace, kMany, false).size(), 3U);
  for (const bool at_least_one : {false, true}) {
    const std::vector<Window> windows = localiser_.windows(photo, kMinFace, 1, at_least_one);
    ASSERT_EQ(windows.size(), 1U);
    EXPECT_NEAR(windows[0].centre_x, 200, 6);
  }
}

TEST_P(LocaliserTest, GivesExactlyOneWindowWhereOneIsWanted) {
  const std::vector<std::pair<int, int>> sizes = {{1, 1},   {2, 2},    {3, 2},    {23, 25},
                                                  {64, 64}, {640, 32}, {32, 640}, {2, 40}};
  for (const auto& [width, height] : sizes) {
    for (const Image& photo : {flat_photo(width, height, 0), flat_photo(width, height, 255),
                               noise_photo(width, height, 3)}) {
      const std::vector<Window> windows = localiser_.windows(photo, kMinFace, 1, true);
      ASSERT_EQ(windows.size(), 1U) << width << "×" << height;
      const Box box = window_to_box(windows[0], blob_parts().localiser, width, height);
      EXPECT_GE(box.x, 0);
      EXPECT_GE(box.y, 0);
      EXPECT_GT(box.area(), 0);
      EXPECT_LE(box.x + box.width, static_cast<float>(width));
      EXPECT_LE(box.y + box.height, static_cast<float>(height));
    }
  }
}

TEST_P(LocaliserTest, NeverInventsAWindowToReachOne) {
  Image photo = flat_photo(200, 160, 0);
  draw_blob(photo, 100, 80, 50);
  EXPECT_EQ(localiser_.windows(photo, kMinFace, kMany, true).size(), 1U);
}

TEST_P(LocaliserTest, FindsABlobInAPanorama) {
  Image photo = flat_photo(1200, 60, 0);
  draw_blob(photo, 900, 30, 40);
  const std::vector<Window> windows = localiser_.windows(photo, kMinFace, kMany, false);
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_NEAR(windows[0].centre_x, 900, 4);
  EXPECT_NEAR(windows[0].side, 40, 5);
}

TEST_P(LocaliserTest, LooksForNoFaceBelowTheSmallestSize) {
  Image photo = flat_photo(200, 160, 0);
  draw_blob(photo, 100, 80, 24);
  EXPECT_EQ(localiser_.windows(photo, kMinFace, kMany, false).size(), 1U);
  EXPECT_TRUE(localiser_.windows(photo, 60, kMany, false).empty());
  EXPECT_TRUE(localiser_.windows(flat_photo(20, 20, 255), 60, kMany, false).empty());
}

TEST_P(LocaliserTest, GivesTheSameAnswerTwice) {
  Image photo = noise_photo(180, 140, 5);
  draw_blob(photo, 100, 80, 50);
  const std::vector<Window> first = localiser_.windows(photo, kMinFace, kMany, true);
  localiser_.windows(flat_photo(90, 200, 30), kMinFace, kMany, true);
  const std::vector<Window> second = localiser_.windows(photo, kMinFace, kMany, true);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].centre_x, second[i].centre_x);
    EXPECT_EQ(first[i].side, second[i].side);
    EXPECT_EQ(first[i].score, second[i].score);
  }
}

TEST_P(LocaliserTest, RefusesRequestsWithoutSense) {
  const Image photo = flat_photo(50, 50, 0);
  EXPECT_THROW(localiser_.windows(Image(), kMinFace, kMany, true), Error);
  EXPECT_THROW(localiser_.windows(photo, 0, kMany, true), Error);
  EXPECT_THROW(localiser_.windows(photo, std::nanf(""), kMany, true), Error);
  EXPECT_THROW(localiser_.proposals(photo, kMinFace, 0, true), Error);
}

INSTANTIATE_TEST_SUITE_P(OneAndTwoLooks, LocaliserTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Two" : "One"; });

TEST(Localiser, ScoresWithBothNetworks) {
  const auto model = blob_model(true);
  Localiser localiser(model);
  Image photo = flat_photo(200, 160, 0);
  draw_blob(photo, 100, 80, 50);
  const Window window = localiser.windows(photo, kMinFace, kMany, false).at(0);
  EXPECT_GT(window.evidence_s, 0);
  EXPECT_FLOAT_EQ(window.score, 0.5F * window.evidence_o + 0.5F * window.evidence_s);
  const Window proposal = localiser.proposals(photo, kMinFace, kMany, false).at(0);
  EXPECT_EQ(proposal.evidence_s, 0);
  EXPECT_EQ(proposal.score, proposal.evidence_o);
  EXPECT_EQ(proposal.evidence_o, window.evidence_o);
}

TEST(Localiser, SecondLookBringsTheSizeNearer) {
  ModelParts parts = blob_parts();
  parts.localiser.pyramid_factor = 1.6F;
  const auto coarse = load_model(parts, {{"lnet_o", blob_network()}});
  const auto fine = load_model(parts, {{"lnet_o", blob_network()}, {"lnet_s", blob_network()}});
  Localiser one(coarse);
  Localiser two(fine);
  double error_one = 0;
  double error_two = 0;
  for (const float height : {30.0F, 36.0F, 43.0F, 62.0F, 70.0F}) {
    Image photo = flat_photo(240, 200, 0);
    draw_blob(photo, 121, 97, height);
    error_one += std::abs(std::log(one.windows(photo, 16, 1, true).at(0).side / height));
    error_two += std::abs(std::log(two.windows(photo, 16, 1, true).at(0).side / height));
  }
  EXPECT_LT(error_two, error_one);
}

TEST(Localiser, MapsSayWhereTheirCellsLie) {
  Localiser localiser(blob_model(false));
  Image photo = flat_photo(200, 160, 0);
  draw_blob(photo, 60, 100, 40);
  const std::vector<ScaleMap> maps = localiser.maps(photo, kMinFace);
  ASSERT_GT(maps.size(), 4U);
  float best = 0;
  float best_x = 0;
  float best_y = 0;
  for (const ScaleMap& map : maps) {
    ASSERT_EQ(map.values.size(), static_cast<std::size_t>(map.width * map.height));
    EXPECT_FLOAT_EQ(map.step * map.scale, 8);
    for (int i = 0; i < map.width * map.height; ++i) {
      if (map.values[static_cast<std::size_t>(i)] <= best) continue;
      best = map.values[static_cast<std::size_t>(i)];
      best_x = map.first_x + static_cast<float>(i % map.width) * map.step;
      best_y = map.first_y + static_cast<float>(i / map.width) * map.step;
    }
  }
  EXPECT_NEAR(best_x, 60, 8);
  EXPECT_NEAR(best_y, 100, 8);
  // Evidence is the one positive logit.
  float largest_response = 0;
  for (const ScaleMap& map :
       Localiser(blob_model(false), Precision::fp32, Ranking::response).maps(photo, kMinFace)) {
    largest_response =
        std::max(largest_response, *std::max_element(map.values.begin(), map.values.end()));
  }
  EXPECT_NEAR(best, 20 * largest_response - 8, 0.01);
}

TEST(Localiser, NeedsANetworkThatCoversThePhoto) {
  EXPECT_THROW(Localiser(nullptr), Error);
}

TEST(WindowToBox, AppliesTheFourNumbersAndClips) {
  LocaliserSettings settings;
  settings.box = {0.1F, -0.2F, 0.5F, 1.5F};
  Window window;
  window.centre_x = 100;
  window.centre_y = 80;
  window.side = 40;
  EXPECT_EQ(window_to_box(window, settings, 300, 300), (Box{94, 42, 20, 60}));
  EXPECT_EQ(window_to_box(window, settings, 300, 60), (Box{94, 42, 20, 18}));
  EXPECT_EQ(window_to_box(window, settings, 100, 300), (Box{94, 42, 6, 60}));
}

TEST(WindowToBox, KeepsSomeAreaForEveryWindow) {
  LocaliserSettings settings;
  settings.box = {3, -3, 0.01F, 0.01F};
  Window window;
  window.centre_x = 5;
  window.centre_y = 3;
  window.side = 20;
  const Box box = window_to_box(window, settings, 9, 7);
  EXPECT_GT(box.area(), 0);
  EXPECT_GE(box.y, 0);
  EXPECT_LE(box.x + box.width, 9);
}

}  // namespace
}  // namespace facet::detail
