// SPDX-License-Identifier: Apache-2.0
#include "image/turn.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

Image numbered(int width, int height) {
  Image photo(width, height);
  for (std::size_t i = 0; i < photo.pixels.size(); ++i)
    photo.pixels[i] = static_cast<std::uint8_t>(i);
  return photo;
}

TEST(Turn, TakesTheUpperLeftPixelClockwise) {
  const Image photo = numbered(5, 3);
  const Image quarter = turn_clockwise(photo, 90);
  EXPECT_EQ(quarter.width, 3);
  EXPECT_EQ(quarter.height, 5);
  EXPECT_EQ(quarter.row(0)[2 * 3], photo.row(0)[0]);
  EXPECT_EQ(turn_clockwise(photo, 180).row(2)[4 * 3], photo.row(0)[0]);
  EXPECT_EQ(turn_clockwise(photo, 270).row(4)[0], photo.row(0)[0]);
  EXPECT_EQ(turn_clockwise(photo, 0).pixels, photo.pixels);
}

// A box turns with the pixels in it, and the rest of a whole turn brings both back.
TEST(Turn, BoxesFollowThePixels) {
  const Image photo = numbered(9, 6);
  const Box box{2, 1, 4, 3};
  for (const int degrees : {0, 90, 180, 270}) {
    const Image turned = turn_clockwise(photo, degrees);
    const Box moved = turn_clockwise(box, photo.width, photo.height, degrees);
    std::vector<int> before;
    std::vector<int> after;
    for (int y = 0; y < photo.height; ++y) {
      for (int x = 0; x < photo.width; ++x) {
        if (x >= 2 && x < 6 && y >= 1 && y < 4) before.push_back(photo.row(y)[x * 3]);
      }
    }
    for (int y = 0; y < turned.height; ++y) {
      for (int x = 0; x < turned.width; ++x) {
        const float u = static_cast<float>(x) + 0.5F;
        const float v = static_cast<float>(y) + 0.5F;
        if (u > moved.x && u < moved.x + moved.width && v > moved.y && v < moved.y + moved.height) {
          after.push_back(turned.row(y)[x * 3]);
        }
      }
    }
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    EXPECT_EQ(before, after) << degrees;
    const Box back = turn_clockwise(moved, turned.width, turned.height, (360 - degrees) % 360);
    EXPECT_EQ(back.x, box.x);
    EXPECT_EQ(back.y, box.y);
    EXPECT_EQ(back.width, box.width);
    EXPECT_EQ(back.height, box.height);
  }
}

TEST(Turn, RefusesWhatIsNoQuarter) {
  EXPECT_THROW(turn_clockwise(numbered(2, 2), 45), Error);
  EXPECT_THROW(turn_clockwise(Box{0, 0, 1, 1}, 2, 2, 360), Error);
}

}  // namespace
}  // namespace facet::detail
