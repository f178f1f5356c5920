// SPDX-License-Identifier: Apache-2.0
#include "image/turned_square.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "facet/error.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

// A smooth photo: red grows to the right, green downwards.
Image ramp(int side) {
  Image photo(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      photo.row(y)[3 * x] = static_cast<std::uint8_t>(2 * x);
      photo.row(y)[3 * x + 1] = static_cast<std::uint8_t>(2 * y);
    }
  }
  return photo;
}

TEST(CutSquare, UprightIsResampling) {
  const Image photo = ramp(100);
  EXPECT_EQ(cut_square(photo, {50, 40, 30, 0}, 20).pixels,
            resample(photo, {35, 25, 30, 30}, 20, 20).pixels);
}

// A quarter turn clockwise: what the square's right side sees is the photo's lower side.
TEST(CutSquare, ReadsThePhotoAlongTheTurnedAxes) {
  const Image photo = ramp(100);
  const Image cut = cut_square(photo, {50, 50, 40, static_cast<float>(M_PI / 2)}, 20);
  EXPECT_NEAR(cut.row(10)[3 * 19 + 1], 2 * (50 + 19), 3);  // right: further down
  EXPECT_NEAR(cut.row(10)[3 * 0 + 1], 2 * (50 - 19), 3);
  EXPECT_NEAR(cut.row(19)[3 * 10], 2 * (50 - 19), 3);  // below: further left
}

TEST(CutSquare, EveryPixelOfASlantedSquareComesFromItsPlace) {
  const Image photo = ramp(120);
  constexpr float kAngle = 0.5F;
  constexpr int kPixels = 24;
  const Image cut = cut_square(photo, {60, 62, 48, kAngle}, kPixels);
  for (int y = 0; y < kPixels; ++y) {
    for (int x = 0; x < kPixels; ++x) {
      const float u = 2 * (static_cast<float>(x) - 11.5F);
      const float v = 2 * (static_cast<float>(y) - 11.5F);
      const float at_x = 60 + std::cos(kAngle) * u - std::sin(kAngle) * v - 0.5F;
      const float at_y = 62 + std::sin(kAngle) * u + std::cos(kAngle) * v - 0.5F;
      ASSERT_NEAR(cut.row(y)[3 * x], 2 * at_x, 2) << x << ' ' << y;
      ASSERT_NEAR(cut.row(y)[3 * x + 1], 2 * at_y, 2) << x << ' ' << y;
    }
  }
}

TEST(CutSquare, RepeatsTheBorderFarOutside) {
  const Image photo = ramp(20);
  const Image cut = cut_square(photo, {-200, 10, 30, 0.4F}, 8);
  for (int x = 0; x < 8; ++x) EXPECT_EQ(cut.row(4)[3 * x], 0);
}

TEST(CutSquare, RefusesSquaresWithoutASide) {
  const Image photo = ramp(20);
  EXPECT_THROW(cut_square(photo, {10, 10, 0, 0}, 8), Error);
  EXPECT_THROW(cut_square(photo, {10, 10, 5, 0.3F}, 0), Error);
  EXPECT_THROW(cut_square(photo, {10, 10, std::numeric_limits<float>::quiet_NaN(), 0.3F}, 8),
               Error);
  EXPECT_THROW(cut_square(photo, {10, 10, 5, std::numeric_limits<float>::infinity()}, 8), Error);
}

}  // namespace
}  // namespace facet::detail
