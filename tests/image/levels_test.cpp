// SPDX-License-Identifier: Apache-2.0
#include "image/levels.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace facet::detail {
namespace {

// A photo whose channels all go from `low` to `high`, evenly.
Image ramp(int low, int high) {
  Image photo(64, 64);
  for (std::size_t i = 0; i < photo.pixels.size(); ++i) {
    photo.pixels[i] =
        static_cast<std::uint8_t>(low + static_cast<int>(i / 3) % 64 * (high - low) / 63);
  }
  return photo;
}

TEST(Levels, LeaveOutTheTailsOfAChannel) {
  Image photo = ramp(50, 150);
  photo.pixels[0] = 255;  // one bright pixel
  const Levels levels = measure_levels(photo);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(levels.low[c], 51, 1);
    EXPECT_NEAR(levels.high[c], 149, 1);
  }
}

TEST(Levels, UsualPhotosStayAsTheyAreToTheBit) {
  for (const Image& photo : {ramp(0, 255), ramp(20, 180), ramp(60, 200)}) {
    EXPECT_FALSE(levels_are_off(measure_levels(photo)));
    EXPECT_EQ(with_usual_levels(photo).pixels, photo.pixels);
  }
}

TEST(Levels, DarkHazyAndColouredPhotosAreStretched) {
  Image blue = ramp(0, 255);
  for (std::size_t i = 0; i < blue.pixels.size(); i += 3) blue.pixels[i] /= 8;  // hardly any red
  for (const Image& photo : {ramp(0, 60), ramp(160, 230), ramp(100, 160), blue}) {
    EXPECT_TRUE(levels_are_off(measure_levels(photo)));
    const Levels after = measure_levels(with_usual_levels(photo));
    EXPECT_FALSE(levels_are_off(after));
    for (std::size_t c = 0; c < 3; ++c) EXPECT_GT(after.high[c] - after.low[c], 180);
  }
}

TEST(Levels, OfTheSameSceneInAnyLightBecomeTheSame) {
  const Image bright = stretch_levels(ramp(0, 255), measure_levels(ramp(0, 255)));
  const Image dark = stretch_levels(ramp(0, 64), measure_levels(ramp(0, 64)));
  for (std::size_t i = 0; i < bright.pixels.size(); ++i) {
    EXPECT_NEAR(bright.pixels[i], dark.pixels[i], 6);
  }
}

// Under a red lamp green and blue are a few steps of rounding.
TEST(Levels, OfOneLightAreGreyOfTheChannelThatShowsSomething) {
  Image red = ramp(0, 240);
  for (std::size_t i = 0; i < red.pixels.size(); ++i) {
    if (i % 3 != 0) red.pixels[i] = static_cast<std::uint8_t>(i * 7919 % 9);
  }
  const Levels levels = measure_levels(red);
  ASSERT_TRUE(is_in_one_light(levels));
  EXPECT_TRUE(levels_are_off(levels));
  const Image grey = as_grey_of_one_light(red, levels);
  for (std::size_t i = 0; i < grey.pixels.size(); i += 3) {
    EXPECT_NEAR(grey.pixels[i + 1], grey.pixels[i], 20);
    EXPECT_NEAR(grey.pixels[i + 2], grey.pixels[i], 20);
  }
  EXPECT_LT(grey.pixels.front() + 180, grey.pixels.back());
  EXPECT_FALSE(is_in_one_light(measure_levels(ramp(0, 255))));
  EXPECT_FALSE(is_in_one_light(measure_levels(ramp(30, 34)))) << "dark, but of every colour";
}

TEST(Levels, ChannelsWithoutAnyDifferenceStay) {
  Image flat(8, 8);
  for (auto& value : flat.pixels) value = 17;
  EXPECT_EQ(with_usual_levels(flat).pixels, flat.pixels);
  EXPECT_EQ(with_usual_levels(Image(1, 1)).pixels, Image(1, 1).pixels);
}

}  // namespace
}  // namespace facet::detail
