// SPDX-License-Identifier: Apache-2.0
#include "dataset/commands.hpp"

#include <gmock/gmock.h>

#include "facet/error.hpp"
#include "fake_collections.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names(const std::vector<const LabelledPhoto*>& photos) {
  std::vector<std::string> result;
  for (const LabelledPhoto* photo : photos) result.push_back(photo->name);
  return result;
}

TEST(Findings, AreALineEachAndThenCounted) {
  const std::vector<Finding> findings = {{Finding::Level::note, "CelebA: 6 photos"},
                                         {Finding::Level::error, "a.txt:3: '0' for Male"},
                                         {Finding::Level::warning, "no identities"}};
  EXPECT_EQ(format_findings(findings),
            "CelebA: 6 photos\nerror: a.txt:3: '0' for Male\nwarning: no identities\n"
            "1 error, 1 warning\n");
  EXPECT_TRUE(has_errors(findings));
  EXPECT_FALSE(has_errors(std::span(findings).first(1)));
  EXPECT_EQ(format_findings({}), "0 errors, 0 warnings\n");
}

TEST(Selection, TakesPartitions) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  const Collection collection = read_collection(folder.path());
  EXPECT_THAT(names(select_photos(collection, {.partitions = {1, 2}})),
              ElementsAre("000005.jpg", "000006.jpg"));
  EXPECT_EQ(select_photos(collection, {}).size(), 6U);
}

TEST(Selection, SpreadsALimitedNumberEvenly) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  const Collection collection = read_collection(folder.path());
  EXPECT_THAT(names(select_photos(collection, {.limit = 3})),
              ElementsAre("000001.jpg", "000003.jpg", "000005.jpg"));
  EXPECT_EQ(select_photos(collection, {.limit = 60}).size(), 6U);
}

TEST(Selection, TakesAPartOfTheScenes) {
  const fake::Folder folder;
  for (int i = 0; i < 945; ++i) folder.text(std::to_string(10000 + i) + ".webp", "not read");
  const Collection collection = read_collection(folder.path());
  EXPECT_EQ(select_photos(collection, {.scenes = ScenePart::train}).size(), 940U);
  EXPECT_THAT(names(select_photos(collection, {.scenes = ScenePart::threshold, .limit = 2})),
              ElementsAre("10940.webp", "10942.webp"));
}

TEST(Selection, RefusesToBeEmpty) {
  const fake::Folder folder;
  folder.six_photos("photos", ".jpg");
  const Collection collection = read_collection(folder.path() / "photos");
  EXPECT_THROW(select_photos(collection, {.partitions = {0}}), Error);
}

}  // namespace
}  // namespace facet::detail
