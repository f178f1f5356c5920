// SPDX-License-Identifier: Apache-2.0
#include "localise/face_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_limit.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "image/encode.hpp"
#include "image/resample.hpp"
#include "image/turn.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

using testing::blob_model;
using testing::draw_blob;
using testing::flat_photo;

class FaceSearch : public ::testing::Test {
 protected:
  FaceSearch() : localiser_(blob_model(true)) {
    request_.min_face = 20;
    request_.threshold = 2;
  }

  std::vector<ScoredBox> accepted(const Image& photo) {
    std::vector<ScoredBox> found = search_faces(localiser_, photo, request_);
    std::erase_if(found, [&](const ScoredBox& box) { return box.score < request_.threshold; });
    return found;
  }

  ThreadLimit one_core_{1};
  Localiser localiser_;
  SearchRequest request_;
};

TEST_F(FaceSearch, IsOneLookAtAnOrdinaryPhoto) {
  Image photo = flat_photo(200, 160, 10);
  draw_blob(photo, 80, 90, 50, 240);
  const auto once = localiser_.boxes(photo, 20, 50, false, Proposals::evidence);
  const auto found = search_faces(localiser_, photo, request_);
  ASSERT_EQ(found.size(), once.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].box, once[i].box);
    EXPECT_EQ(found[i].score, once[i].score);
    EXPECT_EQ(found[i].turn, 0);
  }
}

TEST_F(FaceSearch, FindsWhatIsTooDarkToBeSeenAtFirst) {
  Image photo = flat_photo(200, 160, 3);
  draw_blob(photo, 80, 90, 50, 40);
  const auto once = localiser_.boxes(photo, 20, 50, false, Proposals::evidence);
  EXPECT_TRUE(once.empty() || once.front().score < request_.threshold);
  const auto found = accepted(photo);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].box.centre_x(), 80, 8);
  EXPECT_NEAR(found[0].box.centre_y(), 90, 8);
}

// Usual levels as a whole, for a part of the photo is bright: only in the shadows is there a face.
// The stretched channels of a JPEG taken under a red lamp are noise.
TEST(FaceSearchOfBest, FindsFacesInLightOfOneColour) {
  const std::string root = FACET_SOURCE_DIR;
  Localiser localiser(Model::load(root + "/models/best.safetensors"));
  SearchRequest request;
  request.threshold = localiser.default_threshold(Proposals::evidence);
  const Image sample =
      resample(read_image(root + "/samples/astronaut.png"), {100, 21, 256, 256}, 256, 256);
  for (const std::size_t lit : {0U, 1U, 2U}) {
    Image photo = sample;
    for (std::size_t i = 0; i < photo.pixels.size(); ++i) {
      if (i % 3 != lit) photo.pixels[i] = static_cast<std::uint8_t>(photo.pixels[i] * 2 / 100);
    }
    photo = decode_image(encode_jpeg(photo, 75, JpegColours::halved));
    const auto found = search_faces(localiser, photo, request);
    ASSERT_FALSE(found.empty()) << lit;
    EXPECT_GT(found.front().score, request.threshold) << lit;
    EXPECT_NEAR(found.front().box.centre_x(), 123, 12) << lit;
  }
}

TEST_F(FaceSearch, LooksIntoTheShadows) {
  Image photo = flat_photo(260, 200, 4);
  for (int y = 0; y < 200; ++y) {
    for (int i = 0; i < 40 * 3; ++i) photo.row(y)[i] = 250;
  }
  draw_blob(photo, 160, 100, 60, 112);
  request_.threshold = 1;
  const auto once = localiser_.boxes(photo, 20, 50, false, Proposals::evidence);
  EXPECT_TRUE(once.empty() || once.front().score < request_.threshold);
  request_.turns = Turns::none;
  const auto found = accepted(photo);
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const ScoredBox& face) {
    return std::abs(face.box.centre_x() - 160) < 10 && std::abs(face.box.centre_y() - 100) < 10;
  }));
}

TEST_F(FaceSearch, NeverInventsAFace) {
  for (const Turns turns : {Turns::automatic, Turns::none, Turns::all}) {
    request_.turns = turns;
    EXPECT_TRUE(accepted(flat_photo(150, 100, 0)).empty());
    EXPECT_TRUE(accepted(flat_photo(150, 100, 90)).empty());
  }
}

// A blob looks the same however it is turned: with all turns it is still one face, in the photo's
// own pixels.
TEST_F(FaceSearch, AllTurnsAreOneListInThePhotosPixels) {
  Image photo = flat_photo(240, 160, 10);
  draw_blob(photo, 60, 50, 50, 240);
  draw_blob(photo, 180, 100, 60, 240);
  request_.turns = Turns::all;
  const auto found = accepted(photo);
  ASSERT_EQ(found.size(), 2U);
  for (const ScoredBox& face : found) {
    const bool first = face.box.centre_x() < 120;
    EXPECT_NEAR(face.box.centre_x(), first ? 60 : 180, 8);
    EXPECT_NEAR(face.box.centre_y(), first ? 50 : 100, 8);
  }
}

// Nine faces of the sample, cut out closely and laid side by side. The first look finds some.
TEST(FaceSearchOfBest, LooksBetweenFacesThatTouch) {
  constexpr int columns = 3;
  constexpr int width = 80;
  constexpr int height = 110;
  const std::string root = FACET_SOURCE_DIR;
  const Image photo = read_image(root + "/samples/solvay_1927.jpg");
  Localiser localiser(Model::load(root + "/models/best.safetensors"), Precision::fp32);
  SearchRequest request;
  request.threshold = localiser.default_threshold(Proposals::evidence);
  request.turns = Turns::none;
  request.min_face = 20;
  const std::vector<ScoredBox> faces = search_faces(localiser, photo, request);
  ASSERT_GE(faces.size(), 9U);
  Image sheet(columns * width, 3 * height);
  for (int i = 0; i < 9; ++i) {
    const Box& face = faces[static_cast<std::size_t>(i)].box;
    const float down = 0.9F * face.height;
    const float across = down * width / height;
    const Image tile =
        resample(photo, {face.centre_x() - across / 2, face.centre_y() - down / 2, across, down},
                 width, height);
    for (int y = 0; y < height; ++y) {
      std::copy_n(tile.row(y), width * 3,
                  sheet.row(i / columns * height + y) +
                      static_cast<std::ptrdiff_t>(i % columns) * width * 3);
    }
  }
  request.min_face = 40;
  const auto count = [&](const std::vector<ScoredBox>& found) {
    return std::count_if(found.begin(), found.end(),
                         [&](const ScoredBox& box) { return box.score >= request.threshold; });
  };
  EXPECT_LT(count(localiser.boxes(sheet, 40, 50, false, Proposals::evidence)), 9);
  const std::vector<ScoredBox> found = search_faces(localiser, sheet, request);
  EXPECT_EQ(count(found), 9);
  for (const ScoredBox& box : found) {
    const auto across = static_cast<int>(box.box.centre_x()) / width;
    const auto down = static_cast<int>(box.box.centre_y()) / height;
    EXPECT_NEAR(box.box.centre_x(), (static_cast<float>(across) + 0.5F) * width, 20);
    EXPECT_NEAR(box.box.centre_y(), (static_cast<float>(down) + 0.5F) * height, 25);
  }
}

// Gives every box the same weight, and remembers what it was asked.
struct SameWord : SecondOpinion {
  explicit SameWord(float how_much) : weight(how_much) {}
  std::vector<float> weights(const ImageView& photo, std::span<const ScoredBox> found) override {
    sizes.push_back({photo.width, photo.height});
    for (const ScoredBox& box : found) asked.push_back(box);
    return std::vector<float>(found.size(), weight);
  }
  float weight;
  std::vector<ScoredBox> asked;
  std::vector<std::pair<int, int>> sizes;
};

class DoubtfulFace : public FaceSearch {
 protected:
  DoubtfulFace() {
    draw_blob(photo_, 80, 90, 50, 240);
    score_ = search_faces(localiser_, photo_, request_).front().score;
    request_.turns = Turns::none;
  }

  // Whether the blob is a face where the threshold is so many times its score.
  bool found(float threshold, SecondOpinion& opinion) {
    request_.threshold = threshold * score_;
    const auto faces = search_faces(localiser_, photo_, request_, &opinion);
    return !faces.empty() && faces.front().score >= request_.threshold;
  }

  Image photo_ = flat_photo(200, 160, 10);
  float score_ = 0;
};

TEST_F(DoubtfulFace, IsNoneWhereTheSecondOpinionDoubtsIt) {
  SameWord doubt(0.5F);
  SameWord none(1);
  EXPECT_TRUE(found(0.8F, none));
  EXPECT_FALSE(found(0.8F, doubt));
  ASSERT_FALSE(doubt.asked.empty());
  EXPECT_NEAR(doubt.asked.front().box.centre_x(), 80, 8);
  EXPECT_EQ(doubt.sizes.front(), std::pair(200, 160));
}

TEST_F(DoubtfulFace, IsOneWhereTheSecondOpinionTrustsIt) {
  SameWord trust(1.5F);
  SameWord none(1);
  EXPECT_FALSE(found(1.3F, none));
  EXPECT_TRUE(found(1.3F, trust));
}

TEST_F(DoubtfulFace, IsNotAskedAboutWhereNothingCanChange) {
  SameWord doubt(0.5F);
  EXPECT_TRUE(found(0.45F, doubt));
  EXPECT_TRUE(doubt.asked.empty()) << "a sure face";
  SameWord trust(1.5F);
  EXPECT_FALSE(found(4, trust));
  EXPECT_TRUE(trust.asked.empty()) << "hopeless";
}

// A weak face beside a sure one is in doubt all the same.
TEST_F(DoubtfulFace, IsAskedAboutBesideASureOne) {
  Image pair = flat_photo(320, 160, 10);
  draw_blob(pair, 80, 90, 50, 240);
  draw_blob(pair, 240, 90, 50, 170);
  request_.threshold = 0;
  const auto alone = search_faces(localiser_, pair, request_);
  ASSERT_GE(alone.size(), 2U);
  request_.threshold = alone[1].score * 0.9F;
  ASSERT_GT(alone[0].score, request_.threshold * SecondOpinion::kMostDoubt);
  SameWord doubt(0.5F);
  const auto found = search_faces(localiser_, pair, request_, &doubt);
  ASSERT_FALSE(doubt.asked.empty());
  for (const ScoredBox& box : doubt.asked) EXPECT_GT(box.box.centre_x(), 160);
  EXPECT_FLOAT_EQ(found[0].score, alone[0].score);
  EXPECT_LT(found[1].score, request_.threshold);
}

struct DoubtsTheLeft : SecondOpinion {
  std::vector<float> weights(const ImageView& photo, std::span<const ScoredBox> found) override {
    std::vector<float> weights;
    for (const ScoredBox& box : found) {
      const bool left = box.box.centre_x() < static_cast<float>(photo.width) / 2;
      weights.push_back(left ? 0.5F : 1.0F);
    }
    return weights;
  }
};

TEST_F(DoubtfulFace, GivesWayToOneThatIsTrustedMore) {
  Image pair = flat_photo(320, 160, 10);
  draw_blob(pair, 80, 90, 50, 240);
  draw_blob(pair, 240, 90, 50, 210);
  request_.threshold = 0.6F * score_;
  const auto alone = search_faces(localiser_, pair, request_);
  ASSERT_EQ(alone.size(), 2U);
  ASSERT_LT(alone[0].box.centre_x(), 160);
  ASSERT_GT(alone[1].score, alone[0].score / 2);
  DoubtsTheLeft opinion;
  const auto found = search_faces(localiser_, pair, request_, &opinion);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_GT(found[0].box.centre_x(), 160) << "the strongest comes first";
  EXPECT_GT(found[0].score, found[1].score);
}

// Looks at turned photos are asked about as they were looked at: upright.
TEST_F(DoubtfulFace, IsAskedAboutInTheTurnedPhoto) {
  request_.turns = Turns::all;
  SameWord none(1);
  found(0.45F, none);  // a turned face needs twice the evidence: there it is in doubt
  EXPECT_THAT(none.sizes, ::testing::Contains(std::pair(160, 200)));
}

TEST_F(FaceSearch, AtLeastOneIsTheFirstLooksWhereNothingIsFound) {
  request_.at_least_one = true;
  request_.max_faces = 1;
  const Image photo = flat_photo(150, 100, 90);
  const auto found = search_faces(localiser_, photo, request_);
  const auto once = localiser_.boxes(photo, 20, 1, true, Proposals::evidence);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].box, once.at(0).box);
}

// A glance must not pass over a face that lies or stands on its head: it is found upright, too,
// only weaker.
TEST_F(FaceSearch, SeesHowTheSampleIsTurned) {
  const std::string root = FACET_SOURCE_DIR;
  const Image photo = read_image(root + "/samples/astronaut.png");
  const Image face = resample(photo, {60, 0, 320, 260}, 320, 260);
  for (const char* name : {"best", "fast"}) {
    Localiser localiser(Model::load(root + "/models/" + name + ".safetensors"),
                        Precision::automatic);
    request_.threshold = localiser.default_threshold(Proposals::evidence);
    request_.min_face = 40;
    for (const int degrees : {0, 90, 180, 270}) {
      const Image turned = degrees == 0 ? face : turn_clockwise(face, degrees);
      const auto found = search_faces(localiser, turned, request_);
      ASSERT_FALSE(found.empty()) << name << ", turned by " << degrees;
      EXPECT_EQ(found.front().turn, (360 - degrees) % 360) << name << ", turned by " << degrees;
    }
  }
}

}  // namespace
}  // namespace facet::detail
