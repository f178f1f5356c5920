// SPDX-License-Identifier: Apache-2.0
#include "evaluate/photo_variants.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "evaluate/named_random.hpp"
#include "facet/error.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

const Box lfw_face{80, 68, 95, 132};

std::string name_of(int i) {
  return "Some_Person/Some_Person_" + std::to_string(i) + ".jpg";
}

TEST(NamedRandom, DependsOnPurposeAndNameAlone) {
  NamedRandom a("cut", "x");
  NamedRandom b("cut", "x");
  NamedRandom other_name("cut", "y");
  NamedRandom other_purpose("place", "x");
  const double first = a.unit();
  EXPECT_EQ(first, b.unit());
  EXPECT_NE(first, other_name.unit());
  EXPECT_NE(first, other_purpose.unit());
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = a.unit();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.02);
}

TEST(EdgeWindow, HasTheFaceAtAnEdgeAndMostOfItInside) {
  std::set<int> sides;
  for (int i = 0; i < 500; ++i) {
    const Box window = edge_window(lfw_face, 250, 250, name_of(i));
    EXPECT_EQ(window, edge_window(lfw_face, 250, 250, name_of(i)));
    EXPECT_EQ(window, clip(window, 250, 250)) << i;
    EXPECT_EQ(window.x, std::round(window.x));
    EXPECT_EQ(window.height, std::round(window.height));
    EXPECT_GE(intersection(window, lfw_face).area(), 0.72F * lfw_face.area()) << i;

    // Room between the face and each side of the window, in extents of the face.
    const float left = (lfw_face.x - window.x) / lfw_face.width;
    const float right = (window.x + window.width - lfw_face.x - lfw_face.width) / lfw_face.width;
    const float top = (lfw_face.y - window.y) / lfw_face.height;
    const float bottom =
        (window.y + window.height - lfw_face.y - lfw_face.height) / lfw_face.height;
    const float least = std::min(std::min(left, right), std::min(top, bottom));
    EXPECT_LT(least, 0.07F) << i;
    EXPECT_GT(least, -0.16F) << i;
    for (int side = 0; side < 4; ++side) {
      const float room[] = {left, right, top, bottom};
      if (room[side] == least) sides.insert(side);
    }
  }
  EXPECT_EQ(sides.size(), 4U);
}

TEST(EdgeWindow, StaysInsideWhereTheFaceFillsOrLeavesThePhoto) {
  for (const Box& face :
       {Box{0, 0, 250, 250}, Box{0, 30, 20, 30}, Box{245, 245, 5, 5}, Box{10, 10, 1, 1}}) {
    for (int i = 0; i < 100; ++i) {
      const Box window = edge_window(face, 250, 250, name_of(i));
      EXPECT_EQ(window, clip(window, 250, 250));
      EXPECT_GE(window.width, 1);
      EXPECT_GE(window.height, 1);
      EXPECT_GT(intersection(window, face).area(), 0);
    }
  }
}

TEST(CutEdgeWindow, MovesBoxesWithThePixels) {
  ListedPhoto photo;
  photo.image = testing::flat_photo(250, 250, 0);
  photo.boxes = {lfw_face, {0, 0, 3, 3}};
  testing::draw_blob(photo.image, lfw_face.centre_x(), lfw_face.centre_y(), 60);
  for (int i = 0; i < 8; ++i) {
    const ListedPhoto cut = cut_edge_window(photo, name_of(i));
    ASSERT_FALSE(cut.boxes.empty());
    const Box window = edge_window(lfw_face, 250, 250, name_of(i));
    const int x = static_cast<int>(lfw_face.centre_x() - window.x);
    const int y = static_cast<int>(lfw_face.centre_y() - window.y);
    ASSERT_LT(x, cut.image.width);
    ASSERT_LT(y, cut.image.height);
    EXPECT_EQ(cut.image.row(y)[x * 3], 255);
    EXPECT_FLOAT_EQ(cut.boxes.front().x, std::max(0.0F, lfw_face.x - window.x));
    EXPECT_EQ(cut.boxes.front(), clip(cut.boxes.front(), static_cast<float>(cut.image.width),
                                      static_cast<float>(cut.image.height)));
  }
}

TEST(PlaceOffCentre, KeepsTheFaceInsideAndAwayFromTheMiddle) {
  float smallest = 1000;
  float largest = 0;
  for (int i = 0; i < 500; ++i) {
    const Placement at = place_off_centre(lfw_face, 250, 250, 400, 300, name_of(i));
    const float scale = static_cast<float>(at.height) / 250;
    const Box face{lfw_face.x * scale + static_cast<float>(at.left),
                   lfw_face.y * scale + static_cast<float>(at.top), lfw_face.width * scale,
                   lfw_face.height * scale};
    EXPECT_GT(face.height, 59) << i;
    EXPECT_LT(face.height, 151) << i;
    EXPECT_GT(intersection(face, {-1, -1, 402, 302}).area(), 0.999F * face.area()) << i;
    EXPECT_TRUE(std::abs(face.centre_x() / 400 - 0.5F) > 0.145F ||
                std::abs(face.centre_y() / 300 - 0.5F) > 0.145F)
        << i;
    smallest = std::min(smallest, face.height);
    largest = std::max(largest, face.height);
  }
  EXPECT_LT(smallest, 65);
  EXPECT_GT(largest, 140);
}

TEST(PlaceOffCentre, MakesTheFaceAsHighAsAsked) {
  for (int i = 0; i < 100; ++i) {
    const Placement at = place_off_centre(lfw_face, 250, 250, 400, 300, name_of(i), {24, 48});
    const float height = lfw_face.height * static_cast<float>(at.height) / 250;
    EXPECT_GT(height, 23) << i;
    EXPECT_LT(height, 49) << i;
  }
}

TEST(PlaceIntoScene, PutsThePhotoWhereTheBoxSays) {
  ListedPhoto photo;
  photo.image = testing::flat_photo(250, 250, 0);
  photo.boxes = {lfw_face};
  testing::draw_blob(photo.image, lfw_face.centre_x(), lfw_face.centre_y(), 60);
  const Image scene = testing::flat_photo(400, 300, 90);
  for (int i = 0; i < 20; ++i) {
    const ListedPhoto placed = place_into_scene(photo, scene, name_of(i));
    EXPECT_EQ(placed.image.width, 400);
    EXPECT_EQ(placed.image.height, 300);
    ASSERT_EQ(placed.boxes.size(), 1U);
    const Box& face = placed.boxes.front();
    const auto x = static_cast<int>(face.centre_x());
    const auto y = static_cast<int>(face.centre_y());
    EXPECT_GT(placed.image.row(y)[x * 3], 250) << i;
    const ListedPhoto again = place_into_scene(photo, scene, name_of(i));
    EXPECT_EQ(again.image.pixels, placed.image.pixels);
  }
}

TEST(PhotoVariants, NeedAListedFace) {
  ListedPhoto photo;
  photo.image = testing::flat_photo(20, 20, 0);
  EXPECT_THROW(cut_edge_window(photo, "a"), Error);
  EXPECT_THROW(place_into_scene(photo, photo.image, "a"), Error);
}

}  // namespace
}  // namespace facet::detail
