// SPDX-License-Identifier: Apache-2.0
// Photos of twelve megapixels, found in a reduced decode and described in full detail.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "describe/close_up.hpp"
#include "describe/describer.hpp"
#include "facet/encoded_photo.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "image/encode.hpp"
#include "image/photo_decoder.hpp"
#include "image/resample.hpp"
#include "image/turned_square.hpp"
#include "model/model_access.hpp"
#include "predict/golden_samples.hpp"

namespace facet::detail {
namespace {

constexpr int long_side = 4000;

std::filesystem::path source(const std::string& path) {
  return std::filesystem::path(FACET_SOURCE_DIR) / path;
}

std::shared_ptr<const Model> model(const std::string& name = "best") {
  return Model::load(source("models/" + name + ".safetensors"));
}

Image enlarged(const std::string& sample) {
  const Image photo = read_image(source("samples/" + sample));
  const double scale = static_cast<double>(long_side) / std::max(photo.width, photo.height);
  return resize(photo, static_cast<int>(std::lround(photo.width * scale)),
                static_cast<int>(std::lround(photo.height * scale)));
}

// The JPEG file with an EXIF block that states the orientation.
std::vector<std::byte> with_orientation(const std::vector<std::byte>& jpeg, int orientation) {
  const unsigned char exif[] = {0xff,
                                0xe1,
                                0,
                                34,
                                'E',
                                'x',
                                'i',
                                'f',
                                0,
                                0,
                                'I',
                                'I',
                                42,
                                0,
                                8,
                                0,
                                0,
                                0,
                                1,
                                0,
                                0x12,
                                0x01,
                                3,
                                0,
                                1,
                                0,
                                0,
                                0,
                                static_cast<unsigned char>(orientation),
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0};
  std::vector<std::byte> file(jpeg.begin(), jpeg.begin() + 2);
  for (const unsigned char byte : exif) file.push_back(static_cast<std::byte>(byte));
  file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
  return file;
}

struct Agreement {
  int faces = 0;
  int boxes = 0;  // that overlap by 0.95
  double overlaps = 0;
  int decisions = 0;
  int decided_otherwise = 0;
};

Agreement agreement(const PhotoResult& one, const PhotoResult& other) {
  Agreement sums;
  for (const Face& face : one.faces) {
    const auto same =
        std::max_element(other.faces.begin(), other.faces.end(), [&](const Face& a, const Face& b) {
          return overlap(a.box, face.box) < overlap(b.box, face.box);
        });
    if (same == other.faces.end()) break;
    const float shared = overlap(same->box, face.box);
    ++sums.faces;
    sums.boxes += shared >= 0.95F ? 1 : 0;
    sums.overlaps += shared;
    for (std::size_t i = 0; i < face.attributes.size(); ++i) {
      ++sums.decisions;
      const bool differs = face.attributes[i].present != same->attributes[i].present;
      sums.decided_otherwise += differs ? 1 : 0;
    }
  }
  return sums;
}

class LargePhotos : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Models, LargePhotos, testing::Values("best", "fast"),
                         [](const auto& model) { return model.param; });

TEST_P(LargePhotos, AreAnsweredAsIfTheyWereDecodedInFull) {
  Predictor predictor(model(GetParam()), 2);
  for (const char* sample : {"astronaut.png", "solvay_1927.jpg"}) {
    SCOPED_TRACE(sample);
    const std::vector<std::byte> file = encode_jpeg(enlarged(sample));
    EncodedPhoto photo(file);
    const PhotoResult reduced = predictor.predict(photo);
    const PhotoResult full = predictor.predict(decode_image(file));
    EXPECT_EQ(reduced.reduce, 2);
    EXPECT_EQ(reduced.width, full.width);
    EXPECT_EQ(reduced.height, full.height);
    EXPECT_FLOAT_EQ(reduced.min_face, full.min_face);
    // One in doubt may be on either side of the threshold.
    ASSERT_NEAR(static_cast<double>(reduced.faces.size()), static_cast<double>(full.faces.size()),
                1);
    const Agreement sums = reduced.faces.size() > full.faces.size() ? agreement(full, reduced)
                                                                    : agreement(reduced, full);
    // Small faces of a blurred, grainy photo; LNet's boxes move as much where the photo is cut one
    // pixel later. Faces as people take them agree on 0.95 all of the time.
    EXPECT_GE(sums.boxes, 0.8 * sums.faces);
    EXPECT_GE(sums.overlaps, 0.96 * sums.faces);
    EXPECT_LE(sums.decided_otherwise, 0.01 * sums.decisions);
  }
}

TEST(LargePhoto, SolvaysFacesAreFoundAtFourThousandPixelsAndNothingElse) {
  const std::vector<Box> drawn = golden::solvay_boxes();
  ASSERT_EQ(drawn.size(), 29U);
  EncodedPhoto photo(encode_jpeg(enlarged("solvay_1927.jpg")));
  const PhotoResult result = Predictor(model(), 2).locate(photo);
  const float scale = static_cast<float>(long_side) / 1400;
  const auto shows = [&](const Face& face, const Box& box, float least) {
    const Box there{box.x * scale, box.y * scale, box.width * scale, box.height * scale};
    return overlap(face.box, there) >= least;
  };
  const auto found = std::count_if(drawn.begin(), drawn.end(), [&](const Box& box) {
    return std::any_of(result.faces.begin(), result.faces.end(),
                       [&](const Face& face) { return shows(face, box, 0.5F); });
  });
  EXPECT_EQ(found, 29);
  EXPECT_EQ(result.faces.size(), 29U);
}

TEST(LargePhoto, SmallFacesAreCutFromTheFilesFullDetail) {
  const std::vector<std::byte> jpeg = encode_jpeg(enlarged("astronaut.png"));
  const auto shown_to = model();
  const PatchSettings& patches = parts_of(*shown_to).patches;
  for (const int orientation : {1, 3, 6, 8}) {
    SCOPED_TRACE(orientation);
    PhotoDecoder file(with_orientation(jpeg, orientation));
    const Image full = file.decode(1).image;
    const DecodedPhoto half = file.decode(2, Detail::perhaps);
    const ReducedFrom from{&file, 2, half.offset_x, half.offset_y};
    // In the middle, turned, over two edges, and one that is large enough.
    const std::vector<FacePose> poses = {{900, 700, 40, 0.3F}, {5, 6, 30, 0}, {900, 700, 400, 0}};
    std::vector<FaceInPhoto> faces;
    for (const FacePose& pose : poses) {
      faces.push_back({half.image, {pose.centre_x, pose.centre_y, 10, 10}, 0, &from});
    }
    const std::vector<CloseUp> near = close_ups(faces, poses, patches);
    ASSERT_EQ(near.size(), 3U);
    EXPECT_TRUE(near[2].image.empty());
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_FALSE(near[i].image.empty());
      EXPECT_LT(near[i].image.width, 400);
      const FacePose there{poses[i].centre_x * 2 + static_cast<float>(half.offset_x),
                           poses[i].centre_y * 2 + static_cast<float>(half.offset_y),
                           poses[i].height * 2, poses[i].angle};
      const Image expected = cut_square(full, face_region(there, patches), patches.region_side);
      const Image cut =
          cut_square(near[i].image, face_region(near[i].pose, patches), patches.region_side);
      int most = 0;
      for (std::size_t k = 0; k < cut.pixels.size(); ++k) {
        most = std::max(most, std::abs(cut.pixels[k] - expected.pixels[k]));
      }
      EXPECT_LE(most, 2);  // places are rounded otherwise in a smaller image
    }
  }
}

TEST(LargePhoto, TurnedByItsFileIsAnsweredAsUpright) {
  const std::vector<std::byte> jpeg = encode_jpeg(enlarged("astronaut.png"));
  Predictor predictor(model(), 2);
  EncodedPhoto upright(jpeg);
  const PhotoResult expected = predictor.predict(upright);
  ASSERT_EQ(expected.faces.size(), 1U);
  // The file's pixels lie on their heads.
  const Image photo = decode_image(jpeg);
  Image turned(photo.width, photo.height);
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      std::copy_n(photo.row(photo.height - 1 - y) + (photo.width - 1 - x) * 3, 3,
                  turned.row(y) + x * 3);
    }
  }
  EncodedPhoto file(with_orientation(encode_jpeg(turned), 3));
  const PhotoResult result = predictor.predict(file);
  ASSERT_EQ(result.faces.size(), 1U);
  EXPECT_GT(overlap(result.faces[0].box, expected.faces[0].box), 0.95F);
}

TEST(LargePhoto, OneThatCannotBeDecodedDoesNotTouchTheOthers) {
  const std::vector<std::byte> portrait = encode_jpeg(read_image(source("samples/astronaut.png")));
  std::vector<std::byte> cut = portrait;
  cut.resize(cut.size() / 2);
  std::vector<EncodedPhoto> photos;
  photos.emplace_back(portrait);
  photos.emplace_back(cut);
  photos.emplace_back(portrait);
  Predictor predictor(model(), 2);
  const std::vector<PhotoResult> results = predictor.predict(photos);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].faces.size(), 1U);
  EXPECT_EQ(results[1].status, PhotoStatus::unreadable);
  EXPECT_EQ(results[1].reason, "truncated JPEG file");
  EXPECT_EQ(results[2].faces.size(), 1U);
  EXPECT_EQ(results[2].reduce, 1);
  EXPECT_THROW(predictor.predict(photos[1]), Error);
  EXPECT_THROW(predictor.locate(photos[1]), Error);
}

TEST(LargePhoto, ASmallerFaceThanUsualAsksForMoreDetail) {
  const std::vector<std::byte> file = encode_jpeg(enlarged("astronaut.png"));
  Predictor predictor(model(), 2);
  LocateOptions options;
  options.dominant = true;
  for (const auto& [min_face, reduce] :
       {std::pair(60.0F, 1), std::pair(100.0F, 2), std::pair(200.0F, 4), std::pair(800.0F, 8)}) {
    EncodedPhoto photo(file);
    options.min_face = min_face;
    const PhotoResult result = predictor.locate(photo, options);
    EXPECT_EQ(result.reduce, reduce) << min_face;
    EXPECT_FLOAT_EQ(result.min_face, min_face);
  }
}

}  // namespace
}  // namespace facet::detail
