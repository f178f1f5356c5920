// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "fake_collections.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;

// What every layout of the six photos must give.
void expect_six_photos(const Collection& collection) {
  EXPECT_EQ(collection.kind, CollectionKind::celeba);
  EXPECT_THAT(collection.attribute_names, ElementsAre("Bald", "Male", "Young"));
  ASSERT_EQ(collection.photos.size(), 6U);
  EXPECT_EQ(collection.photos[0].name, "000001.jpg");
  EXPECT_EQ(collection.photos[5].name, "000006.jpg");
  EXPECT_THAT(collection.photos[0].labels, ElementsAre(-1, 1, 1));
  EXPECT_THAT(collection.photos[1].labels, ElementsAre(1, -1, -1));
  EXPECT_THAT(collection.photos[4].labels, ElementsAre(-1, -1, -1));
  EXPECT_EQ(collection.photos[0].partition, 0);
  EXPECT_EQ(collection.photos[4].partition, 1);
  EXPECT_EQ(collection.photos[5].partition, 2);
  for (const LabelledPhoto& photo : collection.photos) {
    EXPECT_TRUE(std::filesystem::exists(photo.path)) << photo.path;
    EXPECT_EQ(photo.path.stem(), std::filesystem::path(photo.name).stem());
  }
}

TEST(Celeba, ReadsLabelFilesBesideWebpPhotosThatLabelsCallJpg) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  const Collection collection = read_collection(folder.path());
  expect_six_photos(collection);
  EXPECT_EQ(collection.photos[0].path.extension(), ".webp");
  EXPECT_EQ(collection.photos[2].identity, 8692);
  ASSERT_EQ(collection.photos[0].boxes.size(), 2U);
  EXPECT_EQ(collection.photos[0].boxes[0], (Box{3, 1, 4, 5}));
  EXPECT_EQ(collection.photos[0].boxes[1], (Box{9, 2, 2, 3}));
  EXPECT_EQ(collection.photos[1].boxes[0], (Box{2.5F, 1, 4, 5}));
  EXPECT_TRUE(collection.photos[2].boxes.empty());
}

TEST(Celeba, ReadsTheOfficialLayout) {
  const fake::Folder folder;
  folder.six_photos("Img/img_align_celeba", ".jpg");
  folder.text("Anno/list_attr_celeba.txt", fake::kAttributes);
  folder.text("Anno/identity_CelebA.txt", fake::kIdentities);
  folder.text("Eval/list_eval_partition.txt", fake::kPartitions);
  const Collection collection = read_collection(folder.path());
  expect_six_photos(collection);
  EXPECT_EQ(collection.photos[5].identity, 9295);
}

TEST(Celeba, ReadsTorchvisionsLayoutWithItsCarriageReturns) {
  const fake::Folder folder;
  folder.six_photos("img_align_celeba", ".jpg");
  folder.text("list_attr_celeba.txt", fake::with_carriage_returns(fake::kAttributes));
  folder.text("identity_CelebA.txt", fake::with_carriage_returns(fake::kIdentities));
  folder.text("list_eval_partition.txt", fake::with_carriage_returns(fake::kPartitions));
  folder.text("list_bbox_celeba.txt",
              "1\r\nimage_id x_1 y_1 width height\r\n000001.jpg    95  71 226 313\r\n");
  const Collection collection = read_collection(folder.path());
  expect_six_photos(collection);
  // CelebA's own boxes are in pixels of the photos in the wild, not of aligned ones.
  EXPECT_TRUE(collection.photos[0].boxes.empty());
}

TEST(Celeba, ReadsKagglesTablesAndNestedFolder) {
  const fake::Folder folder;
  folder.six_photos("img_align_celeba/img_align_celeba", ".jpg");
  folder.text("list_attr_celeba.csv",
              "image_id,Bald,Male,Young\n000001.jpg,-1,1,1\n000002.jpg,1,-1,-1\n"
              "000003.jpg,-1,-1,1\n000004.jpg,1,1,-1\n000005.jpg,-1,-1,-1\n000006.jpg,1,1,1\n");
  folder.text("list_eval_partition.csv",
              "\xEF\xBB\xBFimage_id,partition\n000001.jpg,0\n000002.jpg,0\n000003.jpg,0\n"
              "000004.jpg,0\n000005.jpg,1\n000006.jpg,2\n");
  folder.text("list_bbox_celeba.csv", "image_id,x_1,y_1,width,height\n000001.jpg,95,71,226,313\n");
  expect_six_photos(read_collection(folder.path()));
}

TEST(Celeba, ReadsPhotosInTheWildWithTheirAnnotatedBoxes) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  std::filesystem::remove(folder.path() / "list_bbox_detector.txt");
  folder.text("list_bbox_celeba.txt", "1\nimage_id x_1 y_1 width height\n000002.jpg 95 71 22 31\n");
  folder.six_photos("img_celeba", ".png");
  // The aligned photos come first; naming the folder of photos chooses.
  EXPECT_EQ(read_collection(folder.path()).photos[0].path.extension(), ".webp");
  const Collection wild = read_collection(folder.path() / "img_celeba");
  expect_six_photos(wild);
  EXPECT_EQ(wild.photos[0].path.extension(), ".png");
  ASSERT_EQ(wild.photos[1].boxes.size(), 1U);
  EXPECT_EQ(wild.photos[1].boxes[0], (Box{95, 71, 22, 31}));
}

TEST(Celeba, DoesWithoutPartitionsIdentitiesAndBoxes) {
  const fake::Folder folder;
  folder.six_photos("img_celeba", ".JPG");
  folder.text("list_attr_celeba.txt", fake::kAttributes);
  const Collection collection = read_collection(folder.path());
  ASSERT_EQ(collection.photos.size(), 6U);
  EXPECT_EQ(collection.photos[0].partition, -1);
  EXPECT_EQ(collection.photos[0].identity, -1);
  EXPECT_TRUE(collection.photos[0].boxes.empty());
}

TEST(Celeba, SortsByNameAndPrefersTheVeryFileThatIsNamed) {
  const fake::Folder folder;
  folder.photo("img_align_celeba/b.jpeg");
  folder.photo("img_align_celeba/b.png");
  folder.photo("img_align_celeba/a.webp");
  folder.text("list_attr_celeba.txt", "2\nMale\nb.png 1\na.jpg -1\n");
  const Collection collection = read_collection(folder.path());
  ASSERT_EQ(collection.photos.size(), 2U);
  EXPECT_EQ(collection.photos[0].name, "a.jpg");
  EXPECT_EQ(collection.photos[1].path.filename(), "b.png");
}

TEST(Celeba, KnowsItsFortyAttributes) {
  const auto& names = celeba_attribute_names();
  EXPECT_EQ(names.size(), 40U);
  EXPECT_EQ(names.front(), "5_o_Clock_Shadow");
  EXPECT_EQ(names[20], "Male");
  EXPECT_EQ(names.back(), "Young");
}

TEST(Celeba, ReadsTheRealCollection) {
  const char* data = std::getenv("FACET_DATA");
  if (data == nullptr) GTEST_SKIP() << "FACET_DATA is not set";
  const std::filesystem::path root = std::filesystem::path(data) / "celeba_wild";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << root << " is not there";
  const Collection collection = read_collection(root);
  EXPECT_EQ(collection.kind, CollectionKind::celeba);
  EXPECT_EQ(collection.attribute_names, celeba_attribute_names());
  EXPECT_FALSE(collection.photos.empty());
  EXPECT_TRUE(std::all_of(collection.photos.begin(), collection.photos.end(),
                          [](const LabelledPhoto& photo) { return photo.partition == 2; }));
}

}  // namespace
}  // namespace facet::detail
