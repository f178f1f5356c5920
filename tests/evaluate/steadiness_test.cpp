// SPDX-License-Identifier: Apache-2.0
#include "evaluate/steadiness.hpp"

#include <gtest/gtest.h>

#include "evaluate/fake_data.hpp"
#include "facet/predictor.hpp"

namespace facet::detail {
namespace {

// A white square on black.
Image square_photo(int width, int height, const Box& square) {
  Image photo(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool inside = static_cast<float>(x) >= square.x && static_cast<float>(y) >= square.y &&
                          static_cast<float>(x) < square.x + square.width &&
                          static_cast<float>(y) < square.y + square.height;
      for (int c = 0; c < 3; ++c) photo.row(y)[3 * x + c] = inside ? 255 : 0;
    }
  }
  return photo;
}

Box bright_box(const Image& photo) {
  int left = photo.width;
  int top = photo.height;
  int right = 0;
  int bottom = 0;
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      if (photo.row(y)[3 * x] < 128) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  }
  return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right - left),
          static_cast<float>(bottom - top)};
}

TEST(SlightChanges, KnowTheWayBack) {
  const Box square{20, 30, 40, 20};
  const Image photo = square_photo(100, 80, square);
  const auto changes = slight_changes(photo);
  ASSERT_EQ(changes.size(), 4U);
  for (const SlightChange& change : changes) {
    const Box seen = bright_box(change.photo);
    EXPECT_NE(seen, square) << change.name;
    EXPECT_GT(overlap(change.back(seen, photo.width), square), 0.93F) << change.name;
  }
  EXPECT_EQ(changes[0].back(bright_box(changes[0].photo), 100), square);
  EXPECT_EQ(changes[1].back(bright_box(changes[1].photo), 100), square);
}

TEST(Steadiness, ComparesEveryChangeOfEveryFaceFound) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  std::vector<std::string> unreadable;
  EvaluationSet set = lfwa_set(folder.path(), PhotoVariant::whole, 0);
  const Steadiness steadiness = measure_steadiness(set, 2, options, unreadable);
  EXPECT_TRUE(unreadable.empty());
  EXPECT_EQ(steadiness.faces, 2U);
  EXPECT_EQ(steadiness.compared, 8U);
  // A face lost counts as a box that shares nothing.
  const double lost = static_cast<double>(steadiness.lost) / 8;
  EXPECT_LT(lost, 0.5);
  EXPECT_LE(steadiness.mean_overlap, 1 - lost);
  EXPECT_GT(steadiness.mean_overlap, 0.6 * (1 - lost));
  EXPECT_GE(steadiness.share_below_07, lost);
  // A box listed where no face is: nothing to compare.
  for (EvaluationPhoto& photo : set.photos) photo.boxes = {{0, 0, 2, 2}};
  EXPECT_EQ(measure_steadiness(set, 2, options, unreadable).compared, 0U);
}

}  // namespace
}  // namespace facet::detail
