// SPDX-License-Identifier: Apache-2.0
#include "localise/touching_faces.hpp"

#include <gtest/gtest.h>

#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

using testing::flat_photo;

TEST(TouchingFaces, AreThoseOfLikeSizeWithoutRoomBetweenThem) {
  const Box face{100, 100, 80, 110};
  EXPECT_TRUE(touch(face, {180, 100, 80, 110})) << "side by side";
  EXPECT_TRUE(touch(face, {170, 90, 80, 110})) << "cheek to cheek";
  EXPECT_TRUE(touch(face, {100, 215, 80, 110})) << "one below the other";
  EXPECT_TRUE(touch(face, {187, 100, 80, 110}));
  EXPECT_FALSE(touch(face, {189, 100, 80, 110})) << "more than a tenth of a side between them";
  EXPECT_FALSE(touch(face, {180, 222, 80, 110})) << "apart, one above the other";
  EXPECT_FALSE(touch(face, {180, 100, 40, 60})) << "a face further away";
}

TEST(TouchingFaces, AreCoveredInThePartOfThePhotoAroundThem) {
  const Image photo = flat_photo(1000, 600, 10);
  const std::vector<Box> faces = {
      {300, 200, 80, 100}, {380, 200, 80, 100}, {900, 100, 80, 100}, {480, 420, 40, 50}};
  const auto part = cover_touching(photo, faces);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->x, 150);
  EXPECT_EQ(part->y, 50);
  EXPECT_EQ(part->image.width, 460);
  EXPECT_EQ(part->image.height, 400);
  EXPECT_FLOAT_EQ(part->least_height, 60);
  const auto value = [&](int x, int y) {  // of the photo's pixel
    return int{part->image.row(y - 50)[(x - 150) * 3]};
  };
  EXPECT_EQ(value(340, 250), 128);
  EXPECT_EQ(value(420, 250), 128);
  EXPECT_EQ(value(500, 445), 128) << "a face that touches none, in the same part";
  EXPECT_EQ(value(340, 190), 10);
  EXPECT_EQ(value(380, 250), 10) << "where the faces meet";
  EXPECT_EQ(value(600, 250), 10);
}

TEST(TouchingFaces, AtTheBorderOfThePhotoStayInIt) {
  const Image photo = flat_photo(200, 120, 10);
  const auto part = cover_touching(photo, {{-5, 10, 80, 110}, {75, 10, 90, 110}});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->image.width, 200);
  EXPECT_EQ(part->image.height, 120);
}

TEST(TouchingFaces, NoneAreCoveredWhereEachStandsAlone) {
  const Image photo = flat_photo(1000, 600, 10);
  EXPECT_FALSE(cover_touching(photo, {}));
  EXPECT_FALSE(cover_touching(photo, {{300, 200, 80, 100}}));
  EXPECT_FALSE(cover_touching(photo, {{300, 200, 80, 100}, {600, 200, 80, 100}}));
}

}  // namespace
}  // namespace facet::detail
