// Packs, views and sample sources.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

#include "face_source.hpp"
#include "lnet_source.hpp"
#include "small_packs.hpp"
#include "view.hpp"
#include "window_list.hpp"

namespace facet::training {
namespace {

using testing::HasSubstr;

std::shared_ptr<const Pack> load(const SmallPacks& packs, const std::string& name) {
  return std::make_shared<Pack>(read_pack(packs.folder(), name, 2, -1, 1));
}

TEST(EpochOrder, VisitsEveryPhotoOnceAnEpochInAnotherOrder) {
  const EpochOrder order(7, 101);
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  for (std::int64_t i = 0; i < 101; ++i) {
    first.push_back(order.at(i));
    second.push_back(order.at(101 + i));
  }
  EXPECT_NE(first, second);
  EXPECT_EQ(std::set<std::size_t>(first.begin(), first.end()).size(), 101U);
  EXPECT_EQ(std::set<std::size_t>(second.begin(), second.end()).size(), 101U);
}

TEST(PackReader, DecodesPhotosAndLabels) {
  const SmallPacks packs;
  packs.add("p", 6, 32, "1?");
  const auto pack = load(packs, "p");
  ASSERT_EQ(pack->photos.size(), 6U);
  EXPECT_EQ(pack->photos[5].labels, (std::vector<std::int8_t>{1, -1}));
  EXPECT_EQ(pack->photos[0].levels.size(), 3U);
  EXPECT_EQ(pack->photos[0].levels[1].width, 16);
  EXPECT_NEAR(pack->photos[3].levels[0].at(16, 16)[0], 203, 4);
}

TEST(PackReader, NamesALineWithTooFewFields) {
  const SmallPacks packs;
  packs.add("p", 2, 32, "10");
  std::ofstream(packs.folder() / "p.index.csv", std::ios::app) << "x.jpg,0,1\n";
  try {
    load(packs, "p");
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("p.index.csv:4"));
  }
}

TEST(PackReader, RefusesAPhotoOutsideItsShard) {
  const SmallPacks packs;
  packs.add("p", 2, 32, "10");
  std::ofstream(packs.folder() / "p.index.csv", std::ios::app)
      << "x.jpg,0,999999,50,32,32,0,0,0,10\n";
  EXPECT_THROW(load(packs, "p"), std::runtime_error);
}

TEST(View, OfTheWholePhotoIsThePhoto) {
  const SmallPacks packs;
  packs.add("p", 1, 32, "10");
  const auto pack = load(packs, "p");
  std::vector<std::uint8_t> view(32 * 32 * 3);
  render_view(pack->photos[0], {16, 16, 1}, 32, Outside::replicate, view.data());
  const auto& pixels = pack->photos[0].levels[0].pixels;
  EXPECT_TRUE(std::equal(view.begin(), view.end(), pixels.begin()));
}

TEST(View, ShrinksAndTurnsAsBilinearSamplesSay) {
  const SmallPacks packs;
  packs.add("p", 1, 32, "10");
  auto pack = read_pack(packs.folder(), "p", 1, -1, 1);
  auto& raster = pack.photos[0].levels[0];
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {  // two ramps: every bilinear sample is known
      auto* pixel = raster.pixels.data() + (y * 32 + x) * 3;
      pixel[0] = static_cast<std::uint8_t>(8 * x);
      pixel[1] = static_cast<std::uint8_t>(8 * y);
      pixel[2] = 200;
    }
  }
  std::vector<std::uint8_t> view(8 * 8 * 3);
  for (const float scale : {0.7F, 1.0F, 1.5F}) {
    const ViewGeometry geometry{17, 15, scale, 0.3F};
    render_view(pack.photos[0], geometry, 8, Outside::replicate, view.data());
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        const float vx = (static_cast<float>(x) + 0.5F - 4) * scale;
        const float vy = (static_cast<float>(y) + 0.5F - 4) * scale;
        const float px = 17 + std::cos(0.3F) * vx - std::sin(0.3F) * vy;
        const float py = 15 + std::sin(0.3F) * vx + std::cos(0.3F) * vy;
        const auto* pixel = view.data() + (y * 8 + x) * 3;
        EXPECT_NEAR(pixel[0], 8 * (px - 0.5F), 1.1F) << scale;
        EXPECT_NEAR(pixel[1], 8 * (py - 0.5F), 1.1F) << scale;
        EXPECT_EQ(pixel[2], 200);
      }
    }
  }
}

TEST(View, MirrorsAndFillsTheOutsideWithGrey) {
  const SmallPacks packs;
  packs.add("p", 1, 32, "10");
  auto pack = read_pack(packs.folder(), "p", 1, -1, 1);
  auto& pixels = pack.photos[0].levels[0].pixels;
  for (int c = 0; c < 3; ++c) pixels[static_cast<std::size_t>(c)] = 255;  // mark the corner
  std::vector<std::uint8_t> view(32 * 32 * 3);
  ViewGeometry geometry{16, 16, 1};
  geometry.mirrored = true;
  render_view(pack.photos[0], geometry, 32, Outside::grey, view.data());
  EXPECT_EQ(view[31 * 3], 255);
  geometry.centre_x = 100;
  render_view(pack.photos[0], geometry, 32, Outside::grey, view.data());
  EXPECT_NEAR(view[0], 128, 1);
}

TEST(LnetSource, DrawsTheSameBatchTwiceAndTagsOnlyFaces) {
  const SmallPacks packs;
  packs.add("p", 8, 32, "11");
  packs.add("q", 4, 48, "");
  LnetSettings settings;
  settings.side = 32;
  settings.face_height = 8;
  settings.targets = 2;
  const LnetSource source({AlignedPack{load(packs, "p"), 16, 16, 16, 1, 0}}, {}, load(packs, "q"),
                          {}, 5, settings);
  const Batch batch = source.draw(3, 200);
  const Batch again = source.draw(3, 200);
  EXPECT_TRUE(batch.photos.equal(again.photos));
  EXPECT_FALSE(batch.photos.equal(source.draw(4, 200).photos));
  // The share of samples with a face is the mix's, and scenes carry "all tags −1".
  const double faces = batch.targets.select(1, 0).eq(1).sum().item<double>() / 200;
  EXPECT_NEAR(faces, 0.6, 0.12);
  EXPECT_EQ(batch.targets.lt(0).sum().item<std::int64_t>(), 0);
}

// The bright square of the photo, which the window frames, is clearly smaller or larger than a face
// of LNet's.
TEST(LnetSource, ViewsOfTheWrongSizeCarryNoTag) {
  const SmallPacks packs;
  packs.add("p", 4, 32, "11");
  packs.add("f", 1, 64, "11");
  packs.add("q", 4, 48, "");
  LnetSettings settings;
  settings.side = 32;
  settings.face_height = 8;
  settings.targets = 2;
  settings.mix = {0, 0, 0, 0, 0, 0, 1};
  const auto source_with = [&](float evidence) {
    FramePack frames;
    frames.pack = load(packs, "f");
    frames.windows["0.jpg"] = {{32, 32, 31, evidence}};  // the square is 31 pixels wide
    return LnetSource({AlignedPack{load(packs, "p"), 16, 16, 16, 1, 0}}, {frames}, load(packs, "q"),
                      {}, 5, settings);
  };
  const int count = 60;
  const Batch batch = source_with(9).draw(0, count);
  EXPECT_EQ(batch.targets.abs().sum().item<double>(), 0);
  const auto* pixels = batch.photos.data_ptr<std::uint8_t>();
  int small = 0;
  int large = 0;
  for (int i = 0; i < count; ++i) {
    int bright = 0;
    for (int k = 0; k < 32 * 32; ++k) bright += pixels[(i * 32 * 32 + k) * 3 + 1] > 157 ? 1 : 0;
    const double square = std::sqrt(bright);
    EXPECT_TRUE(square < 8 / 1.4 || square > 8 * 1.4) << square;
    ++(square < 8 ? small : large);
  }
  EXPECT_GT(small, count / 5);
  EXPECT_GT(large, count / 5);
  // A weak window may be wrong itself: scenes take its place.
  const Batch weak = source_with(0.5F).draw(0, count);
  EXPECT_FALSE(weak.photos.equal(batch.photos));
}

TEST(IdentitySource, PairsShowOnePerson) {
  const SmallPacks packs;
  packs.add("p", 12, 32, "10");
  FaceSettings settings;
  settings.patch_side = 16;
  settings.region_side = 20;
  FacePack faces{load(packs, "p"), {}, {16, 16, 16, 0}};
  const IdentitySource source(faces, 1, settings, 2);
  EXPECT_EQ(source.outputs(), 6);
  const Batch batch = source.draw(0, 12);
  const auto people = batch.targets.view({6, 2});
  EXPECT_TRUE(people.select(1, 0).equal(people.select(1, 1)));
}

TEST(WindowList, ReadsNamesWithCommasAndNamesABadLine) {
  const SmallPacks packs;
  const auto path = packs.folder() / "w.csv";
  std::ofstream(path) << "name,rank,centre_x,centre_y,side,evidence\nA, B/1.jpg,0,1.5,2,3,4\n";
  const WindowList list = read_windows(path);
  ASSERT_EQ(list.count("A, B/1.jpg"), 1U);
  EXPECT_EQ(list.at("A, B/1.jpg").front().side, 3);
  std::ofstream(path, std::ios::app) << "x.jpg,0,left,2,3,4\n";
  try {
    read_windows(path);
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("w.csv:3"));
  }
}

}  // namespace
}  // namespace facet::training
