// SPDX-License-Identifier: Apache-2.0
#include "evaluate/photo_sets.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "evaluate/fake_data.hpp"
#include "evaluate/photo_workers.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

TEST(PhotoSets, HaveThePartTheyAreFor) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  const EvaluationSet set = lfwa_set(folder.path(), PhotoVariant::whole, 0);
  EXPECT_EQ(set.name, "lfwa");
  EXPECT_EQ(set.labels, "LFWA");
  EXPECT_EQ(set.head, "lfwa");
  ASSERT_EQ(set.photos.size(), 3U);
  EXPECT_EQ(set.photos[0].name, "A_B/A_B_0004.jpg");
  EXPECT_EQ(set.photos[0].labels, (std::vector<std::int8_t>{1, -1, 1}));
}

TEST(PhotoSets, FramesAreThoseOfHeldOutPeopleAndOfTheTestPart) {
  const fake::Folder folder;
  folder.six_photos("celeba_frames/img_celeba", ".jpg");
  folder.text("celeba_frames/list_attr_celeba.txt", fake::kAttributes);
  folder.text("celeba_frames/list_eval_partition.txt", fake::kPartitions);
  folder.text("celeba_frames/identity_CelebA.txt", fake::kIdentities);
  const EvaluationSet heldout = heldout_frames_set(folder.path(), 0);
  ASSERT_EQ(heldout.photos.size(), 2U);
  EXPECT_EQ(heldout.photos[0].name, "000001.jpg");
  EXPECT_EQ(heldout.photos[1].name, "000004.jpg");
  const EvaluationSet test = test_frames_set(folder.path(), 0);
  ASSERT_EQ(test.photos.size(), 1U);
  EXPECT_EQ(test.photos[0].name, "000006.jpg");
}

TEST(PhotoSets, ValidationIsOfPeopleWithOddNumbers) {
  const fake::Folder folder;
  folder.six_photos("celeba/img_align_celeba", ".jpg");
  folder.text("celeba/list_attr_celeba.txt", fake::kAttributes);
  folder.text("celeba/list_eval_partition.txt", fake::kPartitions);
  folder.text("celeba/identity_CelebA.txt", fake::kIdentities);
  const EvaluationSet set = validation_set(folder.path(), 0);
  ASSERT_EQ(set.photos.size(), 1U);
  EXPECT_EQ(set.photos[0].name, "000005.jpg");
  EXPECT_TRUE(set.constant_window.has_value());
}

TEST(PhotoSets, PlacedPhotosGoIntoScenesForMeasuringOnly) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  EXPECT_EQ(empty_scenes(folder.path(), false, 0).size(), 3U);
  const EvaluationSet set = lfwa_set(folder.path(), PhotoVariant::placed, 0);
  ASSERT_EQ(set.photos.size(), 3U);
  for (const EvaluationPhoto& photo : set.photos) {
    EXPECT_EQ(photo.scene.filename().string().substr(0, 4), "2000");
    const ListedPhoto placed = prepare(photo);
    EXPECT_EQ(placed.image.width, 200);
    EXPECT_EQ(placed.boxes.size(), 1U);
  }
}

TEST(PhotoSets, NameAFolderThatIsMissing) {
  const fake::Folder folder;
  try {
    wild_set(folder.path(), 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("celeba_wild"), std::string::npos);
  }
}

TEST(SpreadEvenly, TakesFromTheWholeRange) {
  EXPECT_EQ(spread_evenly(4, 0), (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(spread_evenly(4, 9), (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(spread_evenly(10, 3), (std::vector<std::size_t>{0, 3, 6}));
  EXPECT_TRUE(spread_evenly(0, 3).empty());
}

TEST(MedianWindow, IsTheRelativePlaceOfDominantFaces) {
  const fake::Folder folder;
  fake::write_wild(folder);
  const Box window = median_window(wild_set(folder.path(), 0).photos, 2);
  EXPECT_NEAR(window.x, 35.0 / 120, 1e-6);
  EXPECT_NEAR(window.height, 50.0 / 120, 1e-6);
  const Box inside = window_in(testing::flat_photo(240, 60, 0), window);
  EXPECT_NEAR(inside.x, 70, 1e-4);
  EXPECT_NEAR(inside.height, 25, 1e-4);
}

// The collections themselves, where they are there.
TEST(PhotoSets, OfTheDataHaveTheirCounts) {
  const char* data = std::getenv("FACET_DATA");
  if (data == nullptr || !std::filesystem::exists(std::filesystem::path(data) / "lfwa")) {
    GTEST_SKIP() << "FACET_DATA names no folder with lfwa";
  }
  const EvaluationSet set = lfwa_set(data, PhotoVariant::edge, 20);
  EXPECT_EQ(set.attribute_names.size(), 40U);
  for (const EvaluationPhoto& photo : set.photos) {
    EXPECT_FALSE(prepare(photo).boxes.empty()) << photo.name;
  }
}

}  // namespace
}  // namespace facet::detail
