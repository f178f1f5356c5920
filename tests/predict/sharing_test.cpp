// SPDX-License-Identifier: Apache-2.0
// Predictors of one model in many threads, and calls that end early.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "facet/error.hpp"
#include "facet/facet.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

std::filesystem::path source(const std::string& path) {
  return std::filesystem::path(FACET_SOURCE_DIR) / path;
}

const std::shared_ptr<const Model>& fast() {
  static const std::shared_ptr<const Model> model = Model::load(source("models/fast.safetensors"));
  return model;
}

const Image& portrait() {
  static const Image photo = read_image(source("samples/astronaut.png"));
  return photo;
}

std::vector<float> probabilities(const PhotoResult& result) {
  std::vector<float> values;
  for (const Face& face : result.faces) {
    for (const Attribute& attribute : face.attributes) values.push_back(attribute.probability);
  }
  return values;
}

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing thrown";
  return ErrorCode::internal;
}

TEST(Sharing, ThreadsOfOneModelGiveTheAnswersOfOne) {
  Predictor alone(fast());
  const std::vector<float> expected = probabilities(alone.predict(portrait()));
  ASSERT_EQ(expected.size(), 40U);
  // A model of its own, so that its weights are prepared by all threads at once.
  const auto model = Model::load(source("models/fast.safetensors"));
  std::atomic<int> equal = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Predictor predictor(model);
      for (int k = 0; k < 2; ++k) equal += probabilities(predictor.predict(portrait())) == expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, 8);
}

TEST(Sharing, APoolServesMoreThreadsThanItHasPredictors) {
  PredictorPool pool(fast(), 2);
  Predictor alone(fast());
  const std::vector<float> expected = probabilities(alone.predict(portrait()));
  std::atomic<int> equal = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&] { equal += probabilities(pool.predict(portrait())) == expected; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, 5);
  EXPECT_EQ(pool.busy(), 0);
  EXPECT_EQ(pool.size(), 2);
}

TEST(Sharing, WaitingForAPredictorEndsWithTheDeadlineOrTheToken) {
  PredictorPool pool(fast(), 1);
  const PredictorPool::Lease lease = pool.take();
  EXPECT_EQ(pool.busy(), 1);
  PredictOptions options;
  options.locate.limits.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
  EXPECT_EQ(code_of([&] { pool.predict(portrait(), options); }), ErrorCode::timed_out);
  std::stop_source stop;
  options.locate.limits = {stop.get_token(), {}};
  std::thread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(code_of([&] { pool.predict(portrait(), options); }), ErrorCode::cancelled);
  stopper.join();
  EXPECT_EQ(pool.busy(), 1);
}

TEST(Sharing, AFailedCallGivesItsPredictorBack) {
  PredictorPool pool(fast(), 1);
  EXPECT_EQ(code_of([&] { pool.predict(ImageView()); }), ErrorCode::invalid_argument);
  EXPECT_EQ(pool.busy(), 0);
  EXPECT_EQ(pool.predict(portrait()).faces.size(), 1U);
  EXPECT_EQ(code_of([&] { PredictorPool(fast(), 0); }), ErrorCode::invalid_argument);
}

TEST(Limits, EndAPhotoEarlyAndLeaveThePredictorUsable) {
  Predictor predictor(fast());
  const std::vector<float> expected = probabilities(predictor.predict(portrait()));
  std::stop_source stop;
  stop.request_stop();
  PredictOptions options;
  options.locate.limits.stop = stop.get_token();
  EXPECT_EQ(code_of([&] { predictor.predict(portrait(), options); }), ErrorCode::cancelled);
  EXPECT_EQ(code_of([&] { predictor.locate(portrait(), options.locate); }), ErrorCode::cancelled);
  options.locate.limits = {{}, std::chrono::steady_clock::now()};
  EXPECT_EQ(code_of([&] { predictor.predict(portrait(), options); }), ErrorCode::timed_out);
  EXPECT_EQ(probabilities(predictor.predict(portrait())), expected);
}

// Not only before the photo is begun.
TEST(Limits, EndALongPhotoInItsMiddle) {
  Predictor predictor(fast());
  const Image large = resize(portrait(), 6000, 6000);
  predictor.locate(portrait());
  LocateOptions options;
  options.min_face = 20;
  const auto start = std::chrono::steady_clock::now();
  options.limits.deadline = start + std::chrono::milliseconds(60);
  EXPECT_EQ(code_of([&] { predictor.locate(large, options); }), ErrorCode::timed_out);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(60));
}

TEST(Names, FindAFacesAttributes) {
  Predictor predictor(fast());
  const PhotoResult result = predictor.predict(portrait());
  const Face& face = result.faces.at(0);
  EXPECT_EQ(face["Smiling"].name, "Smiling");
  EXPECT_TRUE(face["Smiling"].present);
  EXPECT_EQ(face["Smiling"].probability, face.attributes.at(31).probability);
  EXPECT_EQ(face["Smiling"].present, face["Smiling"].probability >= face["Smiling"].threshold);
  EXPECT_EQ(face.find("Snoring"), nullptr);
  try {
    (void)face["Snoring"];
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("Snoring"));
  }
}

TEST(Features, AreWhatTheHeadReads) {
  Predictor predictor(fast(), 1, Precision::fp32);
  PredictOptions options;
  options.features = true;
  const PhotoResult result = predictor.predict(portrait(), options);
  const Face& face = result.faces.at(0);
  const auto features = predictor.features(portrait(), std::vector{face.box});
  ASSERT_EQ(features.size(), 1U);
  EXPECT_EQ(features[0].size(), static_cast<std::size_t>(fast()->feature_size("celeba")));
  EXPECT_EQ(features[0], face.features);
  EXPECT_TRUE(predictor.predict(portrait()).faces.at(0).features.empty());
  EXPECT_TRUE(predictor.features(portrait(), {}).empty());
  EXPECT_EQ(code_of([&] { predictor.features(portrait(), std::vector{face.box}, "none"); }),
            ErrorCode::invalid_argument);
}

TEST(ModelBytes, GiveTheModelOfTheFile) {
  std::ifstream file(source("models/fast.safetensors"), std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(text));
  EXPECT_EQ(Model::load(bytes)->checksum(), fast()->checksum());
  try {
    Model::load(bytes.first(1000), "mine");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_model);
    EXPECT_THAT(error.what(), ::testing::StartsWith("mine: "));
  }
}

TEST(Views, OfAFrameInAnotherOrderGiveTheSameAnswers) {
  const Image& photo = portrait();
  std::vector<std::uint8_t> bgr(photo.pixels.size());
  for (std::size_t i = 0; i < bgr.size(); i += 3) {
    bgr[i] = photo.pixels[i + 2];
    bgr[i + 1] = photo.pixels[i + 1];
    bgr[i + 2] = photo.pixels[i];
  }
  Predictor predictor(fast());
  const PhotoResult expected = predictor.predict(photo);
  const PhotoResult actual =
      predictor.predict(ImageView(bgr, photo.width, photo.height, PixelFormat::bgr));
  EXPECT_EQ(actual.faces.at(0).box, expected.faces.at(0).box);
  EXPECT_EQ(probabilities(actual), probabilities(expected));
}

}  // namespace
}  // namespace facet::detail
