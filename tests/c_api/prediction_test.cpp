// SPDX-License-Identifier: Apache-2.0
// What the C API says is what the C++ API says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "c_api/small_predictor.hpp"
#include "facet/facet.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

class CPrediction : public SmallPredictor {
 protected:
  [[nodiscard]] std::shared_ptr<const Model> model() const {
    return Model::load(folder_ / "model.safetensors");
  }
  PhotoResult in_cpp(const std::string& file, const PredictOptions& options = {}) {
    PhotoResult result = Predictor(model()).predict(read_image(folder_ / file), options);
    result.path = path(file);
    return result;
  }
};

TEST_F(CPrediction, OfAFileIsThatOfCpp) {
  EXPECT_EQ(json(predict("face.png", nullptr).get()), photo_to_json(in_cpp("face.png")));
  const auto options = defaults();
  EXPECT_EQ(json(predict("flat.png", &options).get()), photo_to_json(in_cpp("flat.png")));
}

TEST_F(CPrediction, ObeysItsOptions) {
  auto options = defaults();
  options.head = "lfwa";
  options.threshold_mode = FACET_THRESHOLDS_BALANCED;
  options.turns = FACET_TURNS_ALL;
  options.min_face = 24;
  options.use_threshold = true;
  options.threshold = 0.25F;
  options.dominant = true;
  PredictOptions in_words;
  in_words.head = "lfwa";
  in_words.threshold_mode = ThresholdMode::balanced;
  in_words.locate.turns = Turns::all;
  in_words.locate.min_face = 24;
  in_words.locate.threshold = 0.25F;
  in_words.locate.dominant = true;
  EXPECT_EQ(json(predict("flat.png", &options).get()), photo_to_json(in_cpp("flat.png", in_words)));
  options = defaults();
  options.boxes_only = true;
  options.all = true;
  LocateOptions all;
  all.all = true;
  PhotoResult located = Predictor(model()).locate(read_image(folder_ / "face.png"), all);
  located.path = path("face.png");
  EXPECT_EQ(json(predict("face.png", &options).get()), photo_to_json(located));
}

TEST_F(CPrediction, GivesFacesByNumber) {
  auto options = defaults();
  options.features = true;
  PredictOptions in_words;
  in_words.features = true;
  const auto result = predict("face.png", &options);
  const PhotoResult expected = in_cpp("face.png", in_words);
  ASSERT_EQ(info(result.get()).face_count, 1U);
  EXPECT_EQ(info(result.get()).status, FACET_PHOTO_OK);
  EXPECT_EQ(info(result.get()).width, 160);
  facet_face face{};
  face.struct_size = sizeof face;
  ASSERT_EQ(facet_result_face(result.get(), 0, &face), FACET_OK);
  EXPECT_EQ(face.box.x, expected.faces[0].box.x);
  EXPECT_EQ(face.score, expected.faces[0].score);
  EXPECT_EQ(face.attribute_count, 40U);
  EXPECT_EQ(std::vector<float>(face.features, face.features + face.feature_count),
            expected.faces[0].features);
  size_t feature_size = 0;
  EXPECT_EQ(facet_model_feature_size(model_.get(), "celeba", &feature_size), FACET_OK);
  EXPECT_EQ(face.feature_count, feature_size);
  for (size_t i = 0; i < face.attribute_count; ++i) {
    facet_attribute attribute{};
    attribute.struct_size = sizeof attribute;
    ASSERT_EQ(facet_result_attribute(result.get(), 0, i, &attribute), FACET_OK);
    EXPECT_EQ(attribute.name, expected.faces[0].attributes[i].name);
    EXPECT_EQ(attribute.probability, expected.faces[0].attributes[i].probability);
    EXPECT_EQ(attribute.threshold, expected.faces[0].attributes[i].threshold);
    EXPECT_EQ(attribute.present, expected.faces[0].attributes[i].present);
    const char* name = nullptr;
    ASSERT_EQ(facet_model_attribute_name(model_.get(), "celeba", i, &name), FACET_OK);
    EXPECT_STREQ(name, attribute.name);
  }
}

TEST_F(CPrediction, OfManyPhotosKeepsTheirOrderAndLosesNone) {
  write_all(folder_ / "broken.png", "no photo");
  const std::array files = {"face.png", "flat.png", "other.png", "broken.png", "missing.png"};
  std::vector<Owned<facet_photo>> owned;
  std::vector<const facet_photo*> photos;
  for (int i = 0; i < 23; ++i) {
    owned.push_back(photo(path(files[static_cast<std::size_t>(i) % files.size()])));
    photos.push_back(owned.back().get());
  }
  std::vector<facet_result*> results(photos.size());
  ASSERT_EQ(facet_predict(predictor_.get(), photos.data(), photos.size(), nullptr, results.data()),
            FACET_OK);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Owned<facet_result> result(results[i]);
    const facet_photo_info about = info(result.get());
    const std::string file = files[i % files.size()];
    EXPECT_EQ(about.path, path(file));
    if (file == "broken.png" || file == "missing.png") {
      EXPECT_EQ(about.status, FACET_PHOTO_UNREADABLE);
      EXPECT_EQ(about.error, file == "broken.png" ? FACET_UNREADABLE : FACET_NOT_FOUND);
      EXPECT_STRNE(about.reason, "");
    } else {
      EXPECT_EQ(json(result.get()), photo_to_json(in_cpp(file))) << i;
    }
  }
  EXPECT_EQ(facet_predict(predictor_.get(), nullptr, 0, nullptr, nullptr), FACET_OK);
}

TEST_F(CPrediction, OfBytesAndPixelsIsThatOfTheFile) {
  const std::string bytes = read_all(folder_ / "face.png");
  facet_result* raw = nullptr;
  ASSERT_EQ(facet_predict_bytes(predictor_.get(), bytes.data(), bytes.size(), nullptr, &raw),
            FACET_OK);
  const Owned<facet_result> of_bytes(raw);
  PhotoResult expected = in_cpp("face.png");
  expected.path = "";
  EXPECT_EQ(json(of_bytes.get()), photo_to_json(expected));

  // Blue first, rows with padding.
  const Image image = read_image(folder_ / "face.png");
  const std::size_t stride = static_cast<std::size_t>(image.width) * 3 + 5;
  std::vector<std::uint8_t> frame(stride * static_cast<std::size_t>(image.height));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width * 3; ++x) {
      frame[static_cast<std::size_t>(y) * stride +
            static_cast<std::size_t>(x / 3 * 3 + 2 - x % 3)] = image.row(y)[x];
    }
  }
  facet_pixels pixels{};
  pixels.struct_size = sizeof pixels;
  pixels.data = frame.data();
  pixels.size = frame.size();
  pixels.width = image.width;
  pixels.height = image.height;
  pixels.format = FACET_PIXELS_BGR;
  pixels.stride = static_cast<std::ptrdiff_t>(stride);
  ASSERT_EQ(facet_predict_pixels(predictor_.get(), &pixels, nullptr, &raw), FACET_OK);
  EXPECT_EQ(json(Owned<facet_result>(raw).get()), photo_to_json(expected));
}

TEST_F(CPrediction, DescribesTheFaceInAGivenBox) {
  const PhotoResult found = in_cpp("face.png");
  const Box box = found.faces.at(0).box;
  const facet_box boxes[] = {{box.x, box.y, box.width, box.height}, {3, 4, 20, 24}};
  facet_result* raw = nullptr;
  ASSERT_EQ(
      facet_describe(predictor_.get(), photo(path("face.png")).get(), boxes, 2, nullptr, &raw),
      FACET_OK)
      << facet_last_error();
  const Owned<facet_result> result(raw);
  ASSERT_EQ(info(raw).face_count, 2U);
  const Attribute& expected = found.faces[0].attributes.at(5);
  facet_attribute attribute{};
  attribute.struct_size = sizeof attribute;
  ASSERT_EQ(facet_result_find_attribute(raw, 0, expected.name.c_str(), &attribute), FACET_OK);
  EXPECT_EQ(attribute.probability, expected.probability);
  const float no_number = std::numeric_limits<float>::quiet_NaN();
  for (const facet_box& bad : {facet_box{0, 0, 0, 5}, facet_box{no_number, 0, 5, 5},
                               facet_box{0, 0, 5, -5}, facet_box{1e30F, 0, 5, 5}}) {
    EXPECT_EQ(
        facet_describe(predictor_.get(), photo(path("face.png")).get(), &bad, 1, nullptr, &raw),
        FACET_INVALID_ARGUMENT);
    EXPECT_EQ(raw, nullptr);
  }
}

TEST_F(CPrediction, EndsWhenItIsAskedTo) {
  facet_stop* raw = nullptr;
  ASSERT_EQ(facet_stop_create(&raw), FACET_OK);
  const Owned<facet_stop> stop(raw);
  auto options = defaults();
  options.stop = stop.get();
  predict("face.png", &options);
  facet_stop_request(stop.get());
  facet_result* result = nullptr;
  EXPECT_EQ(facet_predict_file(predictor_.get(), path("face.png").c_str(), &options, &result),
            FACET_CANCELLED);
  EXPECT_EQ(result, nullptr);
  // Photos that cannot be read end too, and no result is left.
  std::vector<Owned<facet_photo>> owned;
  std::vector<const facet_photo*> photos;
  for (int i = 0; i < 5; ++i) {
    owned.push_back(photo(path("missing.png")));
    photos.push_back(owned.back().get());
  }
  std::vector<facet_result*> results(photos.size());
  EXPECT_EQ(facet_predict(predictor_.get(), photos.data(), photos.size(), &options, results.data()),
            FACET_CANCELLED);
  EXPECT_THAT(results, ::testing::Each(nullptr));
  options.stop = nullptr;
  predict("face.png", &options);  // the predictor can be used again
}

TEST_F(CPrediction, IsTheSameInEveryThread) {
  const std::string expected = json(predict("face.png", nullptr).get());
  std::vector<std::string> answers(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& answer : answers) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) answer = json(predict("face.png", nullptr).get());
        // The last error is this thread's own.
        EXPECT_STREQ(facet_last_error(), "");
      });
    }
  }
  EXPECT_THAT(answers, ::testing::Each(expected));
}

TEST_F(CPrediction, KnowsAHeadThatWasMadeSavedAndLoaded) {
  const std::vector<float> weight = {0.1F, -0.3F, 2.5F, 1e-9F};
  facet_head_values values{};
  values.struct_size = sizeof values;
  values.name = "Round_Glasses";
  values.weight = weight.data();
  values.weight_count = weight.size();
  values.bias = 0.25F;
  values.calibration_a = 2;
  values.threshold = 0.5F;
  values.threshold_balanced = 0.25F;
  facet_head* raw = nullptr;
  ASSERT_EQ(facet_head_create(model_.get(), nullptr, &values, &raw), FACET_OK)
      << facet_last_error();
  const Owned<facet_head> made(raw);
  ASSERT_EQ(facet_head_save(made.get(), path("glasses.head").c_str(), false), FACET_OK);
  ASSERT_EQ(facet_head_load(path("glasses.head").c_str(), &raw), FACET_OK);
  const Owned<facet_head> loaded(raw);
  EXPECT_EQ(facet_head_check_fit(loaded.get(), model_.get()), FACET_OK);
  auto options = defaults();
  const facet_head* const heads[] = {loaded.get()};
  options.extra_heads = heads;
  options.extra_head_count = 1;
  PredictOptions in_words;
  in_words.extra_heads = {TaughtHead::load(folder_ / "glasses.head")};
  const auto result = predict("face.png", &options);
  EXPECT_EQ(json(result.get()), photo_to_json(in_cpp("face.png", in_words)));
  EXPECT_THAT(json(result.get()), HasSubstr("Round_Glasses"));

  write_all(folder_ / "mine.txt", "not facet's");
  EXPECT_EQ(facet_head_save(made.get(), path("mine.txt").c_str(), false), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(read_all(folder_ / "mine.txt"), "not facet's");
  EXPECT_EQ(facet_head_save(made.get(), path("mine.txt").c_str(), true), FACET_OK);
}

TEST_F(CPrediction, MakesTheReportOfTheCommand) {
  const auto face = predict("face.png", nullptr);
  const auto flat = predict("flat.png", nullptr);
  const facet_result* const results[] = {face.get(), flat.get()};
  char* text = nullptr;
  ASSERT_EQ(facet_results_to_json(results, 2, &text), FACET_OK);
  EXPECT_EQ(Owned<char>(text).get(), to_json(std::vector{in_cpp("face.png"), in_cpp("flat.png")},
                                             report_context(*model(), "celeba")));
  auto options = defaults();
  options.head = "lfwa";
  const auto other = predict("face.png", &options);
  const facet_result* const mixed[] = {face.get(), other.get()};
  EXPECT_EQ(facet_results_to_json(mixed, 2, &text), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(text, nullptr);
}

}  // namespace
}  // namespace facet::detail
