// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>

#include "facet/draw.hpp"
#include "report/example_results.hpp"

namespace facet::detail {
namespace {

Image grey_photo(int width, int height) {
  Image photo(width, height);
  std::fill(photo.pixels.begin(), photo.pixels.end(), std::uint8_t{128});
  return photo;
}

bool is_grey(const Image& image, int x, int y) {
  const std::uint8_t* p = image.row(y) + 3 * x;
  return p[0] == 128 && p[1] == 128 && p[2] == 128;
}

PhotoResult face_at(const Box& box) {
  PhotoResult result = two_faces();
  result.faces.resize(1);
  result.faces[0].box = box;
  return result;
}

TEST(Annotate, DrawsTheFrameWhereTheBoxIs) {
  const Image photo = grey_photo(1000, 800);
  const Image drawn = annotate(photo, face_at({300, 200, 200, 250}));
  ASSERT_EQ(drawn.width, 1000);
  ASSERT_EQ(drawn.height, 800);
  EXPECT_FALSE(is_grey(drawn, 300, 300)) << "left side";
  EXPECT_FALSE(is_grey(drawn, 499, 300)) << "right side";
  EXPECT_FALSE(is_grey(drawn, 400, 200)) << "top";
  EXPECT_FALSE(is_grey(drawn, 400, 449)) << "bottom";
  EXPECT_TRUE(is_grey(drawn, 400, 325)) << "the face itself stays visible";
  EXPECT_TRUE(is_grey(drawn, 20, 20));
}

TEST(Annotate, WritesAttributesBesideTheBox) {
  const Image photo = grey_photo(1000, 800);
  const Image with = annotate(photo, face_at({300, 200, 200, 250}));
  PhotoResult located = face_at({300, 200, 200, 250});
  located.faces[0].attributes.clear();
  const Image without = annotate(photo, located);
  int changed = 0;
  int bright = 0;
  for (int y = 0; y < 800; ++y) {
    for (int x = 0; x < 1000; ++x) {
      const std::uint8_t* p = with.row(y) + 3 * x;
      if (!std::equal(p, p + 3, without.row(y) + 3 * x)) {
        ++changed;
        EXPECT_TRUE(x < 300 || x >= 500 || y < 200 || y >= 450) << x << ' ' << y;
        if (p[0] > 200 && p[1] > 200 && p[2] > 200) ++bright;
      }
    }
  }
  EXPECT_GT(changed, 1000) << "the backing";
  EXPECT_GT(bright, 20) << "the text";
}

TEST(Annotate, EnlargesSmallPhotosSoThatTextFits) {
  const Image drawn = annotate(grey_photo(100, 120), face_at({30, 30, 40, 50}));
  EXPECT_GE(drawn.width, 600);
  EXPECT_NEAR(static_cast<double>(drawn.height) / drawn.width, 1.2, 0.01);
}

TEST(Annotate, KeepsLargePhotosAsTheyAre) {
  const Image drawn = annotate(grey_photo(3000, 2000), face_at({100, 100, 400, 500}));
  EXPECT_EQ(drawn.width, 3000);
  EXPECT_EQ(drawn.height, 2000);
}

TEST(Annotate, LeavesAPhotoWithoutFacesUnmarked) {
  const Image photo = grey_photo(800, 700);
  EXPECT_EQ(annotate(photo, no_face()).pixels, photo.pixels);
  EXPECT_TRUE(annotate(Image(), no_face()).empty());
}

TEST(Annotate, TakesEveryShapeOfPhotoAndBox) {
  const std::vector<std::pair<int, int>> sizes = {
      {2, 2}, {2, 3000}, {3000, 2}, {64, 48}, {700, 700}};
  for (const auto& [width, height] : sizes) {
    const auto w = static_cast<float>(width);
    const auto h = static_cast<float>(height);
    for (const Box& box : {Box{0, 0, w, h}, Box{0, 0, 0, 0}, Box{w - 1, h - 1, 1, 1},
                           Box{w / 2, h / 2, w / 2, h / 2}}) {
      const Image drawn = annotate(grey_photo(width, height), face_at(box));
      EXPECT_GE(drawn.width, width);
      EXPECT_EQ(drawn.pixels.size(), static_cast<std::size_t>(drawn.width) * drawn.height * 3);
    }
  }
}

}  // namespace
}  // namespace facet::detail
