// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/evidence/peaks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "localise/proposers/evidence/parabola.hpp"
#include "localise/suppression.hpp"

namespace facet::detail {
namespace {

ScaleMap flat_map(float scale, int width, int height, float evidence) {
  ScaleMap map;
  map.scale = scale;
  map.width = width;
  map.height = height;
  map.step = 8 / scale;
  map.first_x = 4 / scale;
  map.first_y = 4 / scale;
  map.values.assign(static_cast<std::size_t>(width * height), evidence);
  return map;
}

float& cell(ScaleMap& map, int x, int y) {
  return map.values[static_cast<std::size_t>(y * map.width + x)];
}

TEST(Parabola, FindsTheTopOfUnevenSamples) {
  const auto hill = [](float x) { return 5 - 2 * (x - 0.1F) * (x - 0.1F); };
  EXPECT_NEAR(parabola_top({-1, hill(-1)}, {0, hill(0)}, {1, hill(1)}), 0.1F, 1e-5F);
  EXPECT_NEAR(parabola_top({-0.5F, hill(-0.5F)}, {0, hill(0)}, {0.8F, hill(0.8F)}), 0.1F, 1e-5F);
}

TEST(Parabola, StaysHalfWayToTheNeighbours) {
  EXPECT_FLOAT_EQ(parabola_top({-1, 0}, {0, 5}, {2, 6}), 1);
  EXPECT_FLOAT_EQ(parabola_top({-1, 6}, {0, 5}, {2, -6}), -0.5F);
}

TEST(Parabola, KeepsTheMiddleWithoutATop) {
  EXPECT_FLOAT_EQ(parabola_top({-1, 1}, {0, 1}, {1, 1}), 0);
  EXPECT_FLOAT_EQ(parabola_top({-1, 3}, {0, 1}, {1, 3}), 0);
}

TEST(Peaks, AreLocalMaximaInPlaceAndScale) {
  std::vector<ScaleMap> maps = {flat_map(1, 20, 16, 0), flat_map(0.5F, 10, 8, 0)};
  cell(maps[0], 4, 4) = 3;
  cell(maps[0], 5, 4) = 2;    // beside a stronger cell
  cell(maps[1], 2, 2) = 5;    // the same place one scale on, stronger
  cell(maps[0], 15, 10) = 4;  // alone
  const std::vector<Peak> peaks = find_peaks(maps, 1);
  ASSERT_EQ(peaks.size(), 2U);
  EXPECT_EQ(peaks[0].level, 1U);
  EXPECT_EQ(peaks[0].evidence, 5);
  EXPECT_EQ(peaks[1].level, 0U);
  EXPECT_EQ(peaks[1].x, 15);
  EXPECT_EQ(find_peaks(maps, 4).size(), 1U);
}

TEST(Peaks, OfAPlateauOnlyTheFirstCellCounts) {
  std::vector<ScaleMap> maps = {flat_map(1, 6, 5, 2), flat_map(0.5F, 3, 3, 2)};
  const std::vector<Peak> peaks = find_peaks(maps, 1);
  ASSERT_EQ(peaks.size(), 1U);
  EXPECT_EQ(peaks[0].level, 0U);
  EXPECT_EQ(peaks[0].x, 0);
}

TEST(Peaks, StrongestCellOfEqualsIsLargeAndCentral) {
  std::vector<ScaleMap> maps = {flat_map(1, 9, 9, 0), flat_map(0.5F, 5, 5, 0)};
  std::optional<Peak> peak = strongest_cell(maps, 72, 72);
  ASSERT_TRUE(peak.has_value());
  EXPECT_EQ(peak->level, 1U);
  EXPECT_EQ(peak->x, 2);
  EXPECT_EQ(peak->y, 2);
  cell(maps[0], 7, 1) = 0.5F;
  peak = strongest_cell(maps, 72, 72);
  EXPECT_EQ(peak->level, 0U);
  EXPECT_EQ(peak->x, 7);
  EXPECT_FALSE(strongest_cell({}, 72, 72).has_value());
}

TEST(Peaks, WindowsLieBetweenCellsAndScales) {
  // A hill in place and log size around (70, 50), 60 pixels high, seen by 40-pixel faces.
  std::vector<ScaleMap> maps;
  for (float size = 30; size < 130; size *= 1.3F) {
    ScaleMap map = flat_map(40 / size, 160 * 40 / (8 * static_cast<int>(size)) + 1,
                            120 * 40 / (8 * static_cast<int>(size)) + 1, 0);
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const float away_x = (map.first_x + static_cast<float>(x) * map.step - 70) / 60;
        const float away_y = (map.first_y + static_cast<float>(y) * map.step - 50) / 60;
        const float away_size = std::log(size / 60);
        cell(map, x, y) = 10 - 8 * (away_x * away_x + away_y * away_y) - 20 * away_size * away_size;
      }
    }
    maps.push_back(map);
  }
  const std::vector<Peak> peaks = find_peaks(maps, 8);
  ASSERT_EQ(peaks.size(), 1U);
  const Window window = window_of_peak(maps, peaks[0], 40, 160, 120);
  EXPECT_NEAR(window.centre_x, 70, 1);
  EXPECT_NEAR(window.centre_y, 50, 1);
  EXPECT_NEAR(window.side, 60, 3);
  EXPECT_EQ(window.evidence_o, peaks[0].evidence);
}

TEST(Peaks, LookUpBetweenCells) {
  ScaleMap map = flat_map(1, 2, 2, 0);
  cell(map, 1, 0) = 4;
  cell(map, 0, 1) = 8;
  EXPECT_FLOAT_EQ(evidence_at(map, 12, 4), 4);
  EXPECT_FLOAT_EQ(evidence_at(map, 8, 4), 2);
  EXPECT_FLOAT_EQ(evidence_at(map, 8, 8), 3);
  EXPECT_FLOAT_EQ(evidence_at(map, -50, 90), 8);
}

Window window(float x, float y, float side, float score) {
  Window result;
  result.centre_x = x;
  result.centre_y = y;
  result.side = side;
  result.score = score;
  return result;
}

TEST(Suppression, KeepsTheStrongestOfAFaceAndItsNeighbour) {
  std::vector<Window> windows = {window(105, 100, 44, 3), window(100, 100, 40, 5),
                                 window(128, 100, 40, 4)};
  suppress_duplicates(windows, 10);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].score, 5);
  EXPECT_EQ(windows[1].score, 4);
}

TEST(Suppression, DropsNestedWindows) {
  std::vector<Window> windows = {window(100, 100, 100, 5), window(110, 90, 20, 4),
                                 window(300, 100, 30, 2), window(300, 100, 120, 1)};
  suppress_duplicates(windows, 10);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].side, 100);
  EXPECT_EQ(windows[1].side, 30);
}

TEST(Suppression, KeepsAtMostSoManyAndOrdersEquals) {
  std::vector<Window> windows = {window(300, 0, 10, 1), window(100, 0, 10, 1),
                                 window(200, 0, 20, 1)};
  suppress_duplicates(windows, 2);
  ASSERT_EQ(windows.size(), 2U);
  EXPECT_EQ(windows[0].centre_x, 200);
  EXPECT_EQ(windows[1].centre_x, 100);
}

}  // namespace
}  // namespace facet::detail
