// SPDX-License-Identifier: Apache-2.0
#include "evaluate/touching.hpp"

#include <gtest/gtest.h>

#include "facet/error.hpp"
#include "facet/predictor.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

const fs::path source = FACET_SOURCE_DIR;

TEST(FaceSheets, HoldTheirTilesSideBySide) {
  Image photo(400, 300);
  std::fill(photo.pixels.begin(), photo.pixels.end(), std::uint8_t{50});
  const std::vector<Image> tiles(7, face_tile(photo, {100, 100, 80, 110}));
  const FaceSheet sheet = make_sheet(tiles, 5);
  ASSERT_EQ(sheet.tiles.size(), 7U);
  EXPECT_EQ(sheet.tiles[1].x, sheet.tiles[0].x + sheet.tiles[0].width) << "no gap";
  EXPECT_EQ(sheet.tiles[5].y, sheet.tiles[0].y + sheet.tiles[0].height);
  EXPECT_EQ(sheet.image.row(0)[0], 50);
  EXPECT_EQ(sheet.image.row(sheet.image.height - 1)[0], 50);
  EXPECT_EQ(sheet.image.row(sheet.image.height - 1)[3 * (sheet.image.width - 1)], 128) << "no tile";
  EXPECT_THROW(make_sheet({}, 5), Error);
  EXPECT_THROW(make_sheet(std::vector<Image>{photo}, 5), Error);
}

TEST(FaceSheets, CountEachTileOnceAndBoxesThatStandForNone) {
  const std::vector<Image> tiles(4, face_tile(Image(400, 300), {100, 100, 80, 110}));
  const FaceSheet sheet = make_sheet(tiles, 4);
  const Box between{sheet.tiles[2].x + sheet.tiles[2].width / 2, 0, 80, 110};
  const std::vector<Box> boxes = {sheet.tiles[0], sheet.tiles[1], sheet.tiles[1], between};
  const SheetFigures figures = judge_sheet(sheet, boxes);
  EXPECT_EQ(figures.tiles, 4U);
  EXPECT_EQ(figures.found, 2U);
  EXPECT_EQ(figures.others, 2U) << "a tile twice, and a box on an edge";
  EXPECT_EQ(judge_sheet(sheet, {}).found, 0U);
}

// Without another look between faces that touch, 20 of these 25.
TEST(FaceSheets, OfTheSamplesFacesAreFound) {
  const Image photo = read_image(source / "samples/solvay_1927.jpg");
  const auto model = Model::load(source / "models/best.safetensors");
  Predictor predictor(model, 1, Precision::fp32);
  LocateOptions small;
  small.min_face = 20;
  std::vector<Image> tiles;
  for (const Face& face : predictor.locate(photo, small).faces) {
    tiles.push_back(face_tile(photo, face.box));
  }
  ASSERT_GE(tiles.size(), 25U);
  tiles.resize(25);
  const FaceSheet sheet = make_sheet(tiles, 5);
  std::vector<Box> boxes;
  for (const Face& face : predictor.locate(sheet.image).faces) boxes.push_back(face.box);
  const SheetFigures figures = judge_sheet(sheet, boxes);
  EXPECT_GE(figures.found, 24U);
  EXPECT_EQ(figures.others, 0U);
}

}  // namespace
}  // namespace facet::detail
