// SPDX-License-Identifier: Apache-2.0
#include "pack/pack_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "facet/error.hpp"
#include "training/small_packs.hpp"

namespace facet::detail {
namespace {

using testing::HasSubstr;

Pack load(const training::SmallPacks& packs, const std::string& name) {
  return read_pack(packs.folder(), name, 2, -1, 1);
}

TEST(PackReader, DecodesPhotosAndLabels) {
  const training::SmallPacks packs;
  packs.add("p", 6, 32, "1?");
  const Pack pack = load(packs, "p");
  ASSERT_EQ(pack.photos.size(), 6U);
  EXPECT_EQ(pack.photos[5].labels, (std::vector<std::int8_t>{1, -1}));
  EXPECT_EQ(pack.photos[0].levels.size(), 3U);
  EXPECT_EQ(pack.photos[0].levels[1].width, 16);
  EXPECT_NEAR(pack.photos[3].levels[0].at(16, 16)[0], 203, 4);
}

TEST(PackReader, NamesALineWithTooFewFields) {
  const training::SmallPacks packs;
  packs.add("p", 2, 32, "10");
  std::ofstream(packs.folder() / "p.index.csv", std::ios::app) << "x.jpg,0,1\n";
  try {
    load(packs, "p");
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("p.index.csv:4"));
  }
}

TEST(PackReader, RefusesAPhotoOutsideItsShard) {
  const training::SmallPacks packs;
  packs.add("p", 2, 32, "10");
  std::ofstream(packs.folder() / "p.index.csv", std::ios::app)
      << "x.jpg,0,999999,50,32,32,0,0,0,10\n";
  EXPECT_THROW(load(packs, "p"), Error);
}

}  // namespace
}  // namespace facet::detail
