// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "facet/error.hpp"
#include "fake_collections.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Folders, ReadsCategoriesOfTrainingAndValidation) {
  const fake::Folder folder;
  folder.photo("train/n02/b.webp");
  folder.photo("train/n01/a.jpg");
  folder.photo("train/n01/images/deep.JPEG");
  folder.photo("val/n02/c.png");
  folder.text("classes.txt", "n01 fish\n");
  folder.text("train/n01/._a.jpg", "left by an archive");
  const Collection collection = read_collection(folder.path());
  EXPECT_EQ(collection.kind, CollectionKind::categories);
  EXPECT_THAT(collection.category_names, ElementsAre("n01", "n02"));
  ASSERT_EQ(collection.photos.size(), 4U);
  EXPECT_EQ(collection.photos[0].name, "train/n01/a.jpg");
  EXPECT_EQ(collection.photos[1].name, "train/n01/images/deep.JPEG");
  EXPECT_EQ(collection.photos[0].category, 0);
  EXPECT_EQ(collection.photos[0].partition, 0);
  EXPECT_EQ(collection.photos[3].name, "val/n02/c.png");
  EXPECT_EQ(collection.photos[3].category, 1);
  EXPECT_EQ(collection.photos[3].partition, 1);
  EXPECT_TRUE(collection.photos[3].labels.empty());
}

TEST(Folders, ReadsCategoriesWithoutParts) {
  const fake::Folder folder;
  folder.photo("cat/1.jpg");
  folder.photo("dog/1.jpg");
  const Collection collection = read_collection(folder.path());
  EXPECT_EQ(collection.kind, CollectionKind::categories);
  EXPECT_THAT(collection.category_names, ElementsAre("cat", "dog"));
  EXPECT_EQ(collection.photos[1].category, 1);
  EXPECT_EQ(collection.photos[1].partition, -1);
}

TEST(Folders, ReadsAFlatFolderInTheOrderOfNames) {
  const fake::Folder folder;
  folder.photo("b.JPG");
  folder.photo("a.webp");
  folder.text("notes.txt", "no photo");
  const Collection collection = read_collection(folder.path());
  EXPECT_EQ(collection.kind, CollectionKind::photos);
  ASSERT_EQ(collection.photos.size(), 2U);
  EXPECT_EQ(collection.photos[0].name, "a.webp");
  EXPECT_EQ(collection.photos[1].name, "b.JPG");
  EXPECT_EQ(collection.photos[0].category, -1);
}

TEST(Folders, RefusesAFolderWithoutPhotos) {
  const fake::Folder folder;
  folder.text("empty/readme.txt", "nothing here");
  try {
    read_collection(folder.path());
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.what(), HasSubstr("no photos"));
  }
  EXPECT_THROW(read_collection(folder.path() / "empty" / "readme.txt"), Error);
}

TEST(Folders, CheckWarnsOfCategoriesInOnePartOnly) {
  const fake::Folder folder;
  folder.photo("train/a/1.jpg");
  folder.photo("val/b/1.jpg");
  const auto findings = check_collection(folder.path(), true);
  EXPECT_THAT(fake::messages(findings, Finding::Level::warning),
              ElementsAre("category b is in val only", "category a is in train only"));
}

TEST(Scenes, ArePartedByTheirSortedNames) {
  const fake::Folder folder;
  for (int i = 0; i < 1140; ++i) {
    folder.text("scene" + std::to_string(10000 + i) + ".webp", "not read");
  }
  const auto train = scenes(folder.path(), ScenePart::train);
  const auto threshold = scenes(folder.path(), ScenePart::threshold);
  const auto measure = scenes(folder.path(), ScenePart::measure);
  ASSERT_EQ(train.size(), 940U);
  ASSERT_EQ(threshold.size(), 190U);
  ASSERT_EQ(measure.size(), 10U);
  EXPECT_EQ(train.front(), folder.path() / "scene10000.webp");
  EXPECT_EQ(threshold.front(), folder.path() / "scene10940.webp");
  EXPECT_EQ(measure.front(), folder.path() / "scene11130.webp");
  EXPECT_EQ(measure.back(), folder.path() / "scene11139.webp");
}

TEST(Objects, EveryFifthKindChoosesAndTheOthersTrain) {
  const fake::Folder folder;
  for (const char* kind : {"Zebra", "ant", "car_side", "chair", "dolphin", "elephant", "wrench"}) {
    for (const char* number : {"_0001", "_0002"}) {
      folder.text(std::string(kind) + number + ".webp", "not read");
    }
  }
  EXPECT_EQ(object_kind("objects/car_side_0001.webp"), "car_side");
  const auto choose = objects(folder.path(), ObjectPart::choose);
  ASSERT_EQ(choose.size(), 4U);  // capitals come first
  EXPECT_EQ(choose.front(), folder.path() / "Zebra_0001.webp");
  EXPECT_EQ(choose.back(), folder.path() / "elephant_0002.webp");
  EXPECT_EQ(objects(folder.path(), ObjectPart::train).size(), 10U);
  EXPECT_THROW(objects(folder.path() / "none", ObjectPart::train), Error);
}

}  // namespace
}  // namespace facet::detail
