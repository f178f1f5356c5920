// SPDX-License-Identifier: Apache-2.0
#include "draw/label_layout.hpp"

#include <gtest/gtest.h>

#include <random>

namespace facet::detail {
namespace {

constexpr LabelStyle style{16, 4, 4};

TEST(LabelLayout, PutsALonelyFacesLabelsBesideIt) {
  const std::vector<LabelPanel> panels =
      place_labels({640, 480}, {{{200, 150, 100, 130}, {120, 80, 90}}}, style);
  ASSERT_EQ(panels.size(), 1U);
  EXPECT_EQ(panels[0].rows, 3U);
  EXPECT_EQ(panels[0].area, cv::Rect(304, 150, 128, 56));
}

TEST(LabelLayout, MovesToTheLeftAtTheRightBorder) {
  const std::vector<LabelPanel> panels =
      place_labels({640, 480}, {{{520, 150, 110, 130}, {120, 80}}}, style);
  EXPECT_EQ(panels[0].rows, 2U);
  EXPECT_EQ(panels[0].area.x + panels[0].area.width, 516);
}

TEST(LabelLayout, StaysInsideAndNeverOverlapsInACrowd) {
  std::mt19937 random(7);
  const cv::Rect picture(0, 0, 1200, 700);
  std::vector<LabelRequest> requests;
  for (int i = 0; i < 40; ++i) {
    const cv::Rect face(static_cast<int>(random() % 1100), static_cast<int>(random() % 600), 60,
                        80);
    requests.push_back({face, {110, 90, 130, 70}});
  }
  const std::vector<LabelPanel> panels = place_labels(picture.size(), requests, style);
  int shown = 0;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    EXPECT_EQ(panels[i].area & picture, panels[i].area);
    if (panels[i].rows > 0) ++shown;
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_TRUE((panels[i].area & panels[j].area).empty()) << i << " and " << j;
    }
  }
  EXPECT_GT(shown, 15);
}

TEST(LabelLayout, ShowsFewerRowsRatherThanHideAnotherFace) {
  const cv::Rect other(204, 100, 120, 120);
  const std::vector<LabelPanel> panels = place_labels(
      {330, 226}, {{{100, 100, 100, 120}, std::vector<int>(20, 60)}, {other, {}}}, style);
  EXPECT_LT(panels[0].rows, 20U);
  EXPECT_TRUE((panels[0].area & other).empty());
}

TEST(LabelLayout, GivesUpWhereNothingFits) {
  const std::vector<LabelPanel> panels =
      place_labels({50, 50}, {{{10, 10, 30, 30}, {200}}, {{0, 0, 5, 5}, {}}}, style);
  EXPECT_EQ(panels[0].rows, 0U);
  EXPECT_EQ(panels[1].rows, 0U);
}

}  // namespace
}  // namespace facet::detail
