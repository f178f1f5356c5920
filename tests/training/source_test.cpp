// SPDX-License-Identifier: Apache-2.0
// Packs, views and sample sources.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

#include "alignment_source.hpp"
#include "describe/describer.hpp"
#include "face_source.hpp"
#include "face_targets.hpp"
#include "facet/image.hpp"
#include "lnet_source.hpp"
#include "small_packs.hpp"
#include "view.hpp"
#include "window_list.hpp"

namespace facet::training {
using namespace detail;
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

TEST(LnetSource, DrawsTheSameBatchTwiceAndTagsOnlyFaces) {
  const SmallPacks packs;
  packs.add("p", 8, 32, "11");
  packs.add("q", 4, 48, "");
  LnetSettings settings;
  settings.side = 32;
  settings.face_height = 8;
  settings.targets = 2;
  const LnetSource source({AlignedPack{load(packs, "p"), 16, 16, 16, 1, 0}}, {},
                          {BackgroundPack{load(packs, "q")}}, 5, settings);
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
    return LnetSource({AlignedPack{load(packs, "p"), 16, 16, 16, 1, 0}}, {frames},
                      {BackgroundPack{load(packs, "q")}}, 5, settings);
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
  settings.crop.patch_side = 16;
  settings.crop.region_side = 20;
  FacePack faces{load(packs, "p"), {}, {16, 16, 16, 0}};
  const IdentitySource source(faces, 1, settings, 2);
  EXPECT_EQ(source.outputs(), 6);
  const Batch batch = source.draw(0, 12);
  const auto people = batch.targets.view({6, 2});
  EXPECT_TRUE(people.select(1, 0).equal(people.select(1, 1)));
}

// The square of the photo, upright and in its middle, is found where the targets say it is.
TEST(AlignmentSource, TargetsSayWhereTheFaceStandsInTheView) {
  const SmallPacks packs;
  packs.add("p", 8, 64, "11");
  MisalignmentSettings settings;
  settings.view = {64, 3};
  settings.shift = 0.2F;
  FacePack faces{load(packs, "p"), {}, {32, 32, 31, 0}};
  const AlignmentSource source(faces, 3, settings);
  const int count = 24;
  const Batch batch = source.draw(0, count);
  EXPECT_TRUE(batch.targets.equal(source.draw(0, count).targets));
  const float height = static_cast<float>(settings.view.side) / settings.view.context;
  for (int i = 0; i < count; ++i) {
    const auto* pixels = batch.photos[i].data_ptr<std::uint8_t>();
    int most = 0;
    for (int k = 0; k < 64 * 64; ++k) most = std::max<int>(most, pixels[k * 3]);
    double x = 0;
    double y = 0;
    double bright = 0;
    for (int k = 0; k < 64 * 64; ++k) {
      if (pixels[k * 3] < most - 25) continue;
      x += k % 64 + 0.5;
      y += k / 64 + 0.5;
      bright += 1;
    }
    const auto target = batch.targets[i];
    EXPECT_NEAR(x / bright, 32 + target[0].item<double>() * height, 1.5) << i;
    EXPECT_NEAR(y / bright, 32 + target[1].item<double>() * height, 1.5) << i;
    EXPECT_NEAR(std::sqrt(bright), std::exp(target[2].item<double>()) * height, 2.5) << i;
  }
}

TEST(FaceTargets, MoveTowardsThePersonsOtherPhotosAsFarAsPeopleAgree) {
  Pack pack;
  pack.attributes = {"nose", "smile", "odd"};
  const auto add = [&pack](int identity, std::vector<std::int8_t> labels) {
    PackedPhoto photo;
    photo.identity = identity;
    photo.labels = std::move(labels);
    pack.photos.push_back(std::move(photo));
  };
  for (int person = 0; person < 4; ++person) {
    const auto nose = static_cast<std::int8_t>(person % 2);
    add(person, {nose, 0, 0});
    add(person, {nose, 1, 1});
    add(person, {nose, static_cast<std::int8_t>(person / 2), -1});
  }
  add(-1, {1, 1, 1});  // nobody known
  const auto kappa = agreement_within_people(pack);
  EXPECT_FLOAT_EQ(kappa[0], 1);
  EXPECT_LT(kappa[1], 0.2);
  pack.photos[0].labels[0] = 1;  // a slip: this person's other photos say 0
  const auto targets = face_targets(pack, 0.5F);
  EXPECT_LT(targets[0], 0.8);
  EXPECT_GT(targets[0], 0.5);
  EXPECT_EQ(targets[2 * 3 + 2], -1) << "unknown stays unknown";
  EXPECT_EQ(targets[12 * 3], 1) << "without a person there are no other photos";
  EXPECT_EQ(face_targets(pack, 0)[0], 1);
}

TEST(FaceTagSource, PutsEachPacksLabelsWhereTheyBelong) {
  const SmallPacks packs;
  packs.add("p", 8, 32, "10");
  packs.add("l", 8, 32, "01");
  FaceSettings settings;
  settings.crop.patch_side = 16;
  settings.crop.region_side = 16;
  FacePack first{load(packs, "p"), {}, {16, 16, 16, 0}};
  FacePack second{load(packs, "l"), {}, {16, 16, 16, 0}, 2};
  const FaceTagSource source({first, second}, 1, settings, 4);
  const Batch batch = source.draw(0, static_cast<int>(source.epoch_size()));
  int firsts = 0;
  for (int i = 0; i < batch.targets.size(0); ++i) {
    const auto row = batch.targets[i];
    const bool is_first = row[0].item<float>() >= 0;
    firsts += is_first ? 1 : 0;
    const auto expected = is_first ? torch::tensor({1.0F, 0.0F, -1.0F, -1.0F})
                                   : torch::tensor({-1.0F, -1.0F, 0.0F, 1.0F});
    EXPECT_TRUE(row.equal(expected)) << row;
  }
  EXPECT_EQ(firsts, 8);
  EXPECT_THROW(FaceTagSource({second}, 1, settings, 3), std::runtime_error);
}

TEST(FaceTagSource, ShowsAPackAgainAndTellsWhatATeacherSays) {
  const SmallPacks packs;
  packs.add("p", 8, 32, "10");
  packs.add("l", 4, 32, "01");
  FaceSettings settings;
  settings.crop.patch_side = 16;
  settings.crop.region_side = 16;
  const FacePack first{load(packs, "p"), {}, {16, 16, 16, 0}};
  FacePack second{load(packs, "l"), {}, {16, 16, 16, 0}, 2, 3, {{{{"1.jpg", {0.25F, 0.75F}}}, 0}}};
  const FaceTagSource source({first, second}, 1, settings, 4);
  ASSERT_EQ(source.epoch_size(), 8 + 3 * 4);
  const Batch batch = source.draw(0, static_cast<int>(source.epoch_size()));
  int taught = 0;
  int untaught = 0;
  for (int i = 0; i < batch.targets.size(0); ++i) {
    const auto row = batch.targets[i];
    taught += row.equal(torch::tensor({0.25F, 0.75F, 0.0F, 1.0F})) ? 1 : 0;
    untaught += row.equal(torch::tensor({-1.0F, -1.0F, 0.0F, 1.0F})) ? 1 : 0;
  }
  EXPECT_EQ(taught, 3);
  EXPECT_EQ(untaught, 9);
  second.repeat = 0;
  EXPECT_THROW(FaceTagSource({second}, 1, settings, 4), std::runtime_error);
}

TEST(FaceTagSource, LeansLabelsTowardsATeachersAnswersByTheirShare) {
  const SmallPacks packs;
  packs.add("p", 4, 32, "1?");
  FaceSettings settings;
  settings.crop.patch_side = 16;
  settings.crop.region_side = 16;
  FacePack faces{load(packs, "p"), {}, {16, 16, 16, 0}};
  faces.taught = {{{{"0.jpg", {0.5F, 0.25F}}}, 0, 0.4F}};
  const FaceTagSource source({faces}, 1, settings, 2);
  const Batch batch = source.draw(0, 4);
  int taught = 0;
  int untaught = 0;
  for (int i = 0; i < 4; ++i) {
    // 1 goes 0.4 of the way to 0.5; what has no label is what the teacher says.
    taught += batch.targets[i].allclose(torch::tensor({0.8F, 0.25F})) ? 1 : 0;
    untaught += batch.targets[i].equal(torch::tensor({1.0F, -1.0F})) ? 1 : 0;
  }
  EXPECT_EQ(taught, 1);
  EXPECT_EQ(untaught, 3);
}

TEST(ProbabilityList, FindsItsColumnsByNameAndNamesABadValue) {
  const SmallPacks packs;
  const auto path = packs.folder() / "l.probabilities.csv";
  std::ofstream(path) << "image,b,extra,a\nx/1.jpg,0.25,9,1\r\nx/2.jpg,0,9,0.5\n";
  const auto list = read_probabilities(path, {"a", "b"});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list.at("x/1.jpg"), (std::vector<float>{1.0F, 0.25F}));
  const auto failure = [&path](const std::vector<std::string>& attributes) -> std::string {
    try {
      read_probabilities(path, attributes);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(failure({"c"}), testing::HasSubstr("csv:1: no column 'c'"));
  EXPECT_THAT(failure({"extra"}), testing::HasSubstr("csv:2: '9' is not a probability"));
  std::ofstream(path, std::ios::app) << "x/3.jpg,0\n";
  EXPECT_THAT(failure({"a"}), testing::HasSubstr("csv:4: 2 fields, not 4"));
}

// A face that leans is cut along its own axes.
TEST(FaceTagSource, TurnsViewsAsTheWindowIsTurned) {
  const SmallPacks packs;
  packs.add("p", 1, 64, "10");
  FaceSettings settings;
  settings.crop.patch_side = settings.crop.region_side = 32;
  settings.crop.region_scale = 1;
  settings.crop.centre_y = 0;
  settings.box = {0, 0.5F, 1, 1};
  settings.jitter = settings.rotation = settings.shift = 0;
  settings.size_ratio = 1;
  const auto pack = load(packs, "p");
  const auto mean = [&](float angle) {
    Random random(1, 2);
    std::vector<std::uint8_t> view(32 * 32 * 3);
    // From the square's middle half a window along the face: down, or to the left.
    draw_patch(pack->photos[0], {32, 32, 30, 0, angle}, settings, random, view.data());
    double left = 0;
    double top = 0;
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < 32; ++x) {
        (y < 16 ? top : left) += view[static_cast<std::size_t>((y * 32 + x) * 3)];
      }
    }
    return top - left;  // the square fills the upper half of the view in both cases
  };
  EXPECT_GT(mean(0), 0);
  EXPECT_NEAR(mean(static_cast<float>(M_PI / 2)), mean(0), 0.1 * mean(0));
}

// One crop, typed once in a recipe: what ANet is trained on is what the model shows it.
TEST(PatchView, LiesWhereInferenceCutsThePatch) {
  const Image photo =
      read_image(std::filesystem::path(FACET_SOURCE_DIR) / "samples" / "astronaut.png");
  PackedPhoto packed;
  Raster raster;
  raster.width = photo.width;
  raster.height = photo.height;
  raster.pixels.assign(photo.pixels.begin(), photo.pixels.end());
  raster.pixels.push_back(0);
  packed.levels = with_halvings(std::move(raster), 3);
  FaceSettings settings;
  settings.crop = {1.5F, -0.1F, 104, 88};
  settings.jitter = settings.rotation = settings.shift = 0;
  settings.size_ratio = 1;
  const FacePose pose = {223, 134, 114, 0.3F};
  PatchSettings patches;
  patches.region_scale = settings.crop.region_scale;
  patches.centre_y = settings.crop.centre_y;
  patches.region_side = settings.crop.region_side;
  patches.patch_side = settings.crop.patch_side;
  patches.offsets = {8};  // the middle, where a view without a shift lies
  patches.mirrored = false;
  const Image cut = cut_patches(photo, pose, patches).front();
  Random random(1, 1);
  ViewGeometry geometry =
      patch_view({pose.centre_x, pose.centre_y, pose.height, 0, pose.angle}, settings, random);
  geometry.mirrored = false;
  std::vector<std::uint8_t> view(cut.pixels.size());
  const auto difference = [&] {
    render_view(packed, geometry, settings.crop.patch_side, Outside::replicate, view.data());
    double sum = 0;
    for (std::size_t i = 0; i < view.size(); ++i) sum += std::abs(view[i] - cut.pixels[i]);
    return sum / static_cast<double>(view.size());
  };
  EXPECT_LT(difference(), 1.5);
  geometry.centre_x += geometry.scale / 2;
  EXPECT_GT(difference(), 2) << "half a pixel beside it would be seen";
}

TEST(WindowList, ReadsNamesWithCommasAndNamesABadLine) {
  const SmallPacks packs;
  const auto path = packs.folder() / "w.csv";
  std::ofstream(path)
      << "name,rank,centre_x,centre_y,side,evidence,angle\nA, B/1.jpg,0,1.5,2,3,4,0.5\n";
  const WindowList list = read_windows(path);
  ASSERT_EQ(list.count("A, B/1.jpg"), 1U);
  EXPECT_EQ(list.at("A, B/1.jpg").front().side, 3);
  EXPECT_EQ(list.at("A, B/1.jpg").front().angle, 0.5F);
  std::ofstream(path, std::ios::app) << "x.jpg,0,left,2,3,4,0\n";
  try {
    read_windows(path);
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("w.csv:3"));
  }
}

}  // namespace
}  // namespace facet::training
