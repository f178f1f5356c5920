// SPDX-License-Identifier: Apache-2.0
#include "facet/predictor.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <thread>

#include "base/thread_limit.hpp"
#include "facet/error.hpp"
#include "localise/blob_model.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

using testing::draw_blob;
using testing::flat_photo;
using testing::load_model;

// ANet: a random convolution and a fully connected layer; heads with random weights.
NetworkPart random_anet() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.05F);
  NetworkPart part;
  Layer c1;
  c1.name = "C1";
  c1.in_channels = 3;
  c1.out_channels = 8;
  c1.kernel = 5;
  c1.stride = 4;
  c1.relu = true;
  Layer fc;
  fc.name = "FC";
  fc.in_channels = 8;
  fc.out_channels = 16;
  fc.kernel = 4;
  part.spec.layers = {c1, fc};
  for (const Layer& layer : part.spec.layers) {
    WeightTensor weight{{layer.out_channels, layer.in_channels, layer.kernel, layer.kernel}, {}};
    weight.values.resize(static_cast<std::size_t>(layer.out_channels * layer.in_channels *
                                                  layer.kernel * layer.kernel));
    for (float& value : weight.values) value = normal(random);
    part.weights[layer.name + ".weight"] = weight;
    part.weights[layer.name + ".bias"] = {
        {layer.out_channels}, std::vector<float>(static_cast<std::size_t>(layer.out_channels))};
  }
  return part;
}

Head brightness_head(const std::string& name, int attributes) {
  Head head;
  head.name = name;
  head.feature_layer = "FC";
  const auto count = static_cast<std::size_t>(attributes);
  for (int j = 0; j < attributes; ++j) head.attributes.push_back(std::to_string(j) + "th");
  head.weight.resize(count * 16);
  for (std::size_t i = 0; i < head.weight.size(); ++i) {
    head.weight[i] = static_cast<float>(static_cast<int>(i * 7 % 11) - 5) / 5;
  }
  head.bias.assign(count, 0.25F);
  head.calibration_a.assign(count, 1);
  head.calibration_b.assign(count, 0);
  head.threshold.assign(count, 0.5F);
  head.threshold_balanced.assign(count, 0.5F);
  return head;
}

std::shared_ptr<const Model> full_model(float proposal_threshold) {
  ModelParts parts = testing::blob_parts();
  parts.localiser.threshold = 6;
  parts.localiser.proposal_threshold = proposal_threshold;
  parts.patches.region_side = 24;
  parts.patches.patch_side = 20;
  parts.patches.offsets = {0, 2, 4};
  parts.heads["celeba"] = brightness_head("celeba", 40);
  parts.heads["lfwa"] = brightness_head("lfwa", 3);
  return load_model(parts, {{"lnet_o", testing::blob_network()},
                            {"lnet_s", testing::blob_network()},
                            {"anet", random_anet()}});
}

std::shared_ptr<const Model> full_model() {
  return full_model(testing::blob_parts().localiser.proposal_threshold);
}

// A strong face and a weak one, whose score lies below the model's threshold.
Image strong_and_weak() {
  Image photo = flat_photo(260, 160, 0);
  draw_blob(photo, 70, 80, 50);
  draw_blob(photo, 190, 80, 50, 160);
  return photo;
}

TEST(Predictor, ReportsFacesAboveTheThreshold) {
  Predictor predictor(full_model());
  const PhotoResult result = predictor.predict(strong_and_weak());
  EXPECT_EQ(result.status, PhotoStatus::ok);
  EXPECT_EQ(result.width, 260);
  EXPECT_EQ(result.height, 160);
  ASSERT_EQ(result.faces.size(), 1U);
  const Face& face = result.faces[0];
  EXPECT_GT(overlap(face.box, {45, 55, 50, 50}), 0.8F);
  EXPECT_FALSE(face.below_threshold);
  ASSERT_EQ(face.attributes.size(), 40U);
  for (const Attribute& value : face.attributes) {
    EXPECT_GT(value.probability, 0);
    EXPECT_LT(value.probability, 1);
    EXPECT_EQ(value.present, value.probability >= 0.5F);
  }
}

TEST(Predictor, MarksCandidatesBelowTheThreshold) {
  Predictor predictor(full_model());
  LocateOptions options;
  options.all = true;
  const PhotoResult result = predictor.locate(strong_and_weak(), options);
  ASSERT_EQ(result.faces.size(), 2U);
  EXPECT_FALSE(result.faces[0].below_threshold);
  EXPECT_TRUE(result.faces[1].below_threshold);
  EXPECT_GT(result.faces[0].score, result.faces[1].score);
  EXPECT_TRUE(result.faces[0].attributes.empty());
  options.max_faces = 1;
  EXPECT_EQ(predictor.locate(strong_and_weak(), options).faces.size(), 1U);
  options = {};
  options.threshold = 0.5F;
  EXPECT_EQ(predictor.locate(strong_and_weak(), options).faces.size(), 2U);
}

TEST(Predictor, SaysHowManyFacesALimitLeftOut) {
  Predictor predictor(full_model());
  LocateOptions options;
  options.all = true;
  const PhotoResult all = predictor.locate(strong_and_weak(), options);
  ASSERT_EQ(all.faces.size(), 2U);
  EXPECT_EQ(all.faces_left_out, 0);
  options.max_faces = 1;
  const PhotoResult one = predictor.locate(strong_and_weak(), options);
  ASSERT_EQ(one.faces.size(), 1U);
  EXPECT_EQ(one.faces_left_out, 1);
  EXPECT_EQ(one.faces[0].score, all.faces[0].score);
}

TEST(Predictor, NoFaceIsASuccessfulAnswer) {
  Predictor predictor(full_model());
  for (const Image& photo : {flat_photo(120, 90, 128), flat_photo(2, 2, 255)}) {
    const PhotoResult result = predictor.predict(photo);
    EXPECT_EQ(result.status, PhotoStatus::no_face);
    EXPECT_TRUE(result.faces.empty());
  }
}

TEST(Predictor, FindsEveryFaceOfACrowdUnlessToldOtherwise) {
  constexpr int side = 8;
  constexpr int step = 90;
  Image crowd = flat_photo(side * step, side * step, 0);
  for (int i = 0; i < side * side; ++i) {
    draw_blob(crowd, static_cast<float>(i % side * step + step / 2),
              static_cast<float>(i / side * step + step / 2), 50);
  }
  Predictor predictor(full_model());
  const PhotoResult all = predictor.predict(crowd);
  EXPECT_EQ(all.faces.size(), 64U);
  EXPECT_EQ(all.faces_left_out, 0);
  PredictOptions options;
  options.locate.max_faces = 50;
  const PhotoResult cut = predictor.predict(crowd, options);
  EXPECT_EQ(cut.faces.size(), 50U);
  EXPECT_EQ(cut.faces_left_out, 14);
}

TEST(Predictor, DominantSaysWhichFacesItLetIn) {
  PredictOptions options;
  options.locate.dominant = true;
  // Strong enough, but never proposed: as a photo without it would say.
  Predictor proposes_nothing(full_model(1000));
  EXPECT_EQ(proposes_nothing.predict(strong_and_weak()).status, PhotoStatus::no_face);
  const PhotoResult let_in = proposes_nothing.predict(strong_and_weak(), options);
  ASSERT_EQ(let_in.faces.size(), 1U);
  EXPECT_GT(let_in.faces[0].score, 6);
  EXPECT_TRUE(let_in.faces[0].below_threshold);
  // In a photo too small for the smallest face that is looked for.
  Predictor predictor(full_model());
  Image small = flat_photo(36, 36, 0);
  draw_blob(small, 18, 18, 30);
  options.locate.min_face = 60;
  PredictOptions ordinary;
  ordinary.locate.min_face = 60;
  EXPECT_EQ(predictor.predict(small, ordinary).status, PhotoStatus::no_face);
  EXPECT_TRUE(predictor.predict(small, options).faces.at(0).below_threshold);
}

TEST(Predictor, DominantGivesExactlyOneFaceOfAnyPhoto) {
  Predictor predictor(full_model());
  PredictOptions options;
  options.locate.dominant = true;
  const PhotoResult found = predictor.predict(strong_and_weak(), options);
  ASSERT_EQ(found.faces.size(), 1U);
  EXPECT_FALSE(found.faces[0].below_threshold);
  for (const Image& photo : {flat_photo(120, 90, 128), flat_photo(2, 2, 9), flat_photo(400, 20, 0),
                             testing::noise_photo(33, 70, 2)}) {
    const PhotoResult result = predictor.predict(photo, options);
    EXPECT_EQ(result.status, PhotoStatus::ok);
    ASSERT_EQ(result.faces.size(), 1U);
    const Face& face = result.faces[0];
    EXPECT_TRUE(face.below_threshold);
    EXPECT_EQ(face.attributes.size(), 40U);
    EXPECT_GT(face.box.area(), 0);
    EXPECT_EQ(clip(face.box, static_cast<float>(photo.width), static_cast<float>(photo.height)),
              face.box);
  }
}

void expect_equal(const PhotoResult& a, const PhotoResult& b) {
  ASSERT_EQ(a.faces.size(), b.faces.size());
  for (std::size_t i = 0; i < a.faces.size(); ++i) {
    EXPECT_EQ(a.faces[i].box, b.faces[i].box);
    EXPECT_EQ(a.faces[i].score, b.faces[i].score);
    ASSERT_EQ(a.faces[i].attributes.size(), b.faces[i].attributes.size());
    for (std::size_t j = 0; j < a.faces[i].attributes.size(); ++j) {
      EXPECT_EQ(a.faces[i].attributes[j].probability, b.faces[i].attributes[j].probability);
    }
  }
}

TEST(Predictor, AnswersSeveralPhotosAsOneByOne) {
  Predictor predictor(full_model());
  PredictOptions options;
  options.locate.all = true;
  std::vector<Image> photos = {strong_and_weak(), flat_photo(120, 90, 128), strong_and_weak()};
  draw_blob(photos[2], 70, 80, 50, 90);
  for (int i = 0; i < 5; ++i) photos.push_back(flat_photo(100 + 8 * i, 120, 0));
  for (int i = 3; i < 8; ++i) draw_blob(photos[static_cast<std::size_t>(i)], 50, 60, 40);
  const std::vector<PhotoResult> results = predictor.predict(photos, options);
  ASSERT_EQ(results.size(), photos.size());
  std::size_t faces = 0;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const PhotoResult alone = predictor.predict(photos[i], options);
    EXPECT_EQ(results[i].status, alone.status);
    EXPECT_EQ(results[i].width, photos[i].width);
    EXPECT_EQ(results[i].height, photos[i].height);
    expect_equal(results[i], alone);
    faces += alone.faces.size();
  }
  EXPECT_GE(faces, 8U);
  EXPECT_EQ(results[1].status, PhotoStatus::no_face);
  EXPECT_TRUE(predictor.predict(std::span<const Image>(), options).empty());
}

TEST(Predictor, APhotoThatIsNoneDoesNotTouchTheOthers) {
  Predictor predictor(full_model());
  Image cut_off = strong_and_weak();
  cut_off.pixels.resize(cut_off.pixels.size() / 2);
  const std::vector<Image> photos = {strong_and_weak(), Image(), cut_off, strong_and_weak()};
  const std::vector<PhotoResult> results = predictor.predict(photos);
  ASSERT_EQ(results.size(), 4U);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(results[i].status, PhotoStatus::unreadable);
    EXPECT_NE(results[i].reason, "");
    EXPECT_THROW(predictor.predict(photos[i]), Error);
  }
  const PhotoResult expected = predictor.predict(photos[0]);
  ASSERT_EQ(expected.faces.size(), 1U);
  expect_equal(results[0], expected);
  expect_equal(results[3], expected);
  PredictOptions wrong;
  wrong.head = "cats";
  EXPECT_THROW(predictor.predict(photos, wrong), Error);
}

TEST(Predictor, AnswersTheSameWithAnyNumberOfThreads) {
  const auto model = full_model();
  PredictOptions options;
  options.locate.all = true;
  Predictor one(model, 1);
  const PhotoResult expected = one.predict(strong_and_weak(), options);
  ASSERT_EQ(expected.faces.size(), 2U);
  for (const int threads : {2, 3, 4}) {
    Predictor many(model, threads);
    expect_equal(many.predict(strong_and_weak(), options), expected);
  }
}

TEST(Predictor, SharesOneModelAmongThreads) {
  const auto model = full_model();
  const Image photo = strong_and_weak();
  const PhotoResult expected = Predictor(model).predict(photo);
  std::vector<PhotoResult> results(3);
  std::vector<std::thread> workers;
  for (PhotoResult& result : results) {
    workers.emplace_back([&model, &photo, &result] { result = Predictor(model).predict(photo); });
  }
  for (std::thread& worker : workers) worker.join();
  for (const PhotoResult& result : results) expect_equal(result, expected);
}

TEST(Predictor, DescribesGivenBoxesInOrder) {
  Predictor predictor(full_model());
  const Image photo = strong_and_weak();
  const std::vector<Box> boxes = {{160, 50, 50, 60}, {45, 55, 50, 50}};
  const std::vector<Face> faces = predictor.describe(photo, boxes, "lfwa");
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_EQ(faces[0].box, boxes[0]);
  EXPECT_EQ(faces[1].box, boxes[1]);
  ASSERT_EQ(faces[0].attributes.size(), 3U);
  const Face alone = predictor.describe(photo, std::span(&boxes[1], 1), "lfwa").at(0);
  EXPECT_NEAR(faces[1].attributes[0].probability, alone.attributes[0].probability, 1e-5F);
  EXPECT_NE(faces[0].attributes[0].probability, faces[1].attributes[0].probability);
  EXPECT_TRUE(predictor.describe(photo, {}).empty());
}

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing thrown";
  return ErrorCode::io;
}

TEST(Predictor, RefusesUnknownHeadsAndOptionsOutOfRange) {
  const auto model = full_model();
  Predictor predictor(model);
  const Image photo = flat_photo(60, 60, 0);
  PredictOptions options;
  options.head = "cats";
  EXPECT_EQ(code_of([&] { predictor.predict(photo, options); }), ErrorCode::invalid_argument);
  for (const float min_face : {7.9F, -1.0F, std::numeric_limits<float>::infinity()}) {
    LocateOptions wrong;
    wrong.min_face = min_face;
    EXPECT_EQ(code_of([&] { predictor.locate(photo, wrong); }), ErrorCode::invalid_argument);
  }
  LocateOptions wrong;
  wrong.max_faces = 0;
  EXPECT_EQ(code_of([&] { predictor.locate(photo, wrong); }), ErrorCode::invalid_argument);
  wrong = {};
  wrong.threshold = std::nanf("");
  EXPECT_EQ(code_of([&] { predictor.locate(photo, wrong); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { predictor.locate(Image()); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { Predictor(model, 0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { Predictor(nullptr); }), ErrorCode::invalid_argument);
}

TEST(Predictor, LooksForLargerFacesInLargerPhotosUnlessAskedForLess) {
  Predictor predictor(testing::blob_model(false));
  const auto smallest = [&](int width, int height, std::optional<float> asked) {
    LocateOptions options;
    options.min_face = asked;
    return predictor.locate(flat_photo(width, height, 0), options).min_face;
  };
  const float of_model = parts_of(predictor.model()).localiser.min_face;
  EXPECT_EQ(smallest(300, 200, {}), of_model);
  EXPECT_FLOAT_EQ(smallest(100, 2000, {}), 47);
  EXPECT_FLOAT_EQ(smallest(2000, 100, {}), 47);
  EXPECT_FLOAT_EQ(smallest(1600, 100, 12.0F), 12);
  EXPECT_FLOAT_EQ(smallest(300, 200, 60.0F), 60);
}

TEST(Predictor, LocatesWithModelsThatOnlyLocate) {
  Predictor predictor(testing::blob_model(false), 2);
  EXPECT_EQ(predictor.locate(strong_and_weak()).faces.size(), 2U);
  EXPECT_EQ(predictor.model().name(), "blobs");
  EXPECT_THROW(predictor.predict(strong_and_weak()), Error);
}

TEST(Predictor, ShowsWhereInThePhotoFacesAre) {
  Image photo = flat_photo(160, 120, 0);
  draw_blob(photo, 100, 50, 40);
  Predictor predictor(full_model());
  const ResponseMap map = predictor.response_map(photo, {}, 80);
  ASSERT_EQ(map.width, 80);
  ASSERT_EQ(map.height, 60);
  ASSERT_EQ(map.values.size(), 80U * 60U);
  const auto peak = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
  EXPECT_GE(map.values[static_cast<std::size_t>(peak)], map.threshold);
  EXPECT_NEAR(static_cast<double>(peak % 80) * 2, 100, 16);
  EXPECT_NEAR(static_cast<double>(peak / 80) * 2, 50, 16);
  EXPECT_EQ(map.values[0], 0) << "in a corner where nothing is";
  EXPECT_THROW((void)predictor.response_map(photo, {}, 0), Error);
  EXPECT_THROW((void)predictor.response_map(Image(), {}), Error);
}

TEST(ThreadLimit, RestoresWhatWasBefore) {
  omp_set_num_threads(3);
  {
    const ThreadLimit limit(1);
    EXPECT_EQ(omp_get_max_threads(), 1);
  }
  EXPECT_EQ(omp_get_max_threads(), 3);
}

}  // namespace
}  // namespace facet::detail
