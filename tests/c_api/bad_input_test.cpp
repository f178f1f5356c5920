// SPDX-License-Identifier: Apache-2.0
// Whatever a C program gives, it gets a status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "c_api/small_predictor.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

class CBadInput : public SmallPredictor {
 protected:
  facet_status predict_with(const facet_predict_options& options) {
    facet_result* result = nullptr;
    const facet_status status =
        facet_predict_file(predictor_.get(), path("face.png").c_str(), &options, &result);
    EXPECT_EQ(result == nullptr, status != FACET_OK);
    facet_result_free(result);
    return status;
  }
};

TEST_F(CBadInput, NullIsRefusedByName) {
  facet_model* model = nullptr;
  facet_predictor* predictor = nullptr;
  facet_photo* photo = nullptr;
  facet_result* result = nullptr;
  facet_head* head = nullptr;
  char* text = nullptr;
  std::size_t size = 0;
  const char* name = nullptr;
  facet_face face{};
  facet_attribute attribute{};
  facet_photo_info about{};
  const std::string file = path("face.png");
  const std::vector<facet_status> statuses = {
      facet_model_load(path("model.safetensors").c_str(), nullptr),
      facet_model_load_bytes(nullptr, 5, nullptr, &model),
      facet_model_info_json(nullptr, &text),
      facet_model_info_json(model_.get(), nullptr),
      facet_model_attribute_count(model_.get(), nullptr, &size),
      facet_model_attribute_count(model_.get(), "celeba", nullptr),
      facet_model_attribute_name(nullptr, "celeba", 0, &name),
      facet_model_feature_size(nullptr, "celeba", &size),
      facet_head_load(nullptr, &head),
      facet_head_create(model_.get(), nullptr, nullptr, &head),
      facet_head_get(nullptr, nullptr),
      facet_head_save(nullptr, "x", false),
      facet_head_check_fit(nullptr, model_.get()),
      facet_predictor_create(nullptr, nullptr, &predictor),
      facet_predictor_create(model_.get(), nullptr, nullptr),
      facet_photo_from_file(nullptr, &photo),
      facet_photo_from_file("", &photo),
      facet_photo_from_bytes(nullptr, 0, nullptr, &photo),
      facet_photo_from_pixels(nullptr, nullptr, &photo),
      facet_stop_create(nullptr),
      facet_predict(predictor_.get(), nullptr, 1, nullptr, &result),
      facet_predict(nullptr, nullptr, 0, nullptr, nullptr),
      facet_predict_file(nullptr, file.c_str(), nullptr, &result),
      facet_predict_file(predictor_.get(), nullptr, nullptr, &result),
      facet_predict_file(predictor_.get(), file.c_str(), nullptr, nullptr),
      facet_predict_bytes(predictor_.get(), nullptr, 3, nullptr, &result),
      facet_predict_pixels(predictor_.get(), nullptr, nullptr, &result),
      facet_describe(predictor_.get(), nullptr, nullptr, 0, nullptr, &result),
      facet_result_photo(nullptr, &about),
      facet_result_face(nullptr, 0, &face),
      facet_result_attribute(nullptr, 0, 0, &attribute),
      facet_result_find_attribute(nullptr, 0, "Smiling", &attribute),
      facet_result_to_json(nullptr, &text),
      facet_results_to_json(nullptr, 1, &text),
      facet_results_to_json(nullptr, 0, &text),
  };
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    EXPECT_EQ(statuses[i], FACET_INVALID_ARGUMENT) << "call " << i;
  }
  EXPECT_EQ(facet_model_name(nullptr), nullptr);
  EXPECT_THAT(facet_last_error(), HasSubstr("model is NULL"));
  const facet_photo* const photos[] = {nullptr};
  EXPECT_EQ(facet_predict(predictor_.get(), photos, 1, nullptr, &result), FACET_INVALID_ARGUMENT);
  EXPECT_THAT(facet_last_error(), HasSubstr("photo is NULL"));
  facet_model_free(nullptr);
  facet_predictor_free(nullptr);
  facet_photo_free(nullptr);
  facet_result_free(nullptr);
  facet_head_free(nullptr);
  facet_stop_free(nullptr);
  facet_stop_request(nullptr);
  facet_text_free(nullptr);
}

TEST_F(CBadInput, HandlesOfAnotherKindAreKnown) {
  auto* model = reinterpret_cast<facet_model*>(predictor_.get());
  auto* predictor = reinterpret_cast<facet_predictor*>(model_.get());
  char* text = nullptr;
  EXPECT_EQ(facet_model_info_json(model, &text), FACET_INVALID_ARGUMENT);
  EXPECT_THAT(facet_last_error(), HasSubstr("of another kind"));
  facet_result* result = nullptr;
  EXPECT_EQ(facet_predict_file(predictor, path("face.png").c_str(), nullptr, &result),
            FACET_INVALID_ARGUMENT);
  facet_model_free(model);  // nothing happens to the predictor
  predict("face.png", nullptr);
}

TEST_F(CBadInput, TruncatedBytesAreAStatus) {
  const std::string photo = read_all(folder_ / "face.png");
  const std::string model = read_all(folder_ / "model.safetensors");
  for (const std::size_t part : {0U, 1U, 2U, 3U}) {
    const std::string bytes = photo.substr(0, photo.size() * part / 4);
    facet_result* result = nullptr;
    EXPECT_EQ(facet_predict_bytes(predictor_.get(), bytes.data(), bytes.size(), nullptr, &result),
              FACET_UNREADABLE);
    EXPECT_EQ(result, nullptr);
    const std::string half = model.substr(0, model.size() * part / 4);
    facet_model* loaded = nullptr;
    EXPECT_EQ(facet_model_load_bytes(half.data(), half.size(), "the model", &loaded),
              FACET_BAD_MODEL);
    EXPECT_THAT(facet_last_error(), HasSubstr("the model"));
    EXPECT_EQ(loaded, nullptr);
  }
  facet_model* loaded = nullptr;
  EXPECT_EQ(facet_model_load_bytes(model.data(), model.size(), nullptr, &loaded), FACET_OK);
  EXPECT_STREQ(facet_model_checksum(loaded), facet_model_checksum(model_.get()));
  facet_model_free(loaded);
}

TEST_F(CBadInput, PathsNeedNotBeUtf8) {
  const std::string name = path("caf\xE9%.png");
  std::filesystem::copy_file(folder_ / "face.png", name);
  facet_result* raw = nullptr;
  ASSERT_EQ(facet_predict_file(predictor_.get(), name.c_str(), nullptr, &raw), FACET_OK);
  const Owned<facet_result> result(raw);
  EXPECT_EQ(info(raw).path, name);
  EXPECT_THAT(json(raw), HasSubstr("caf%E9%25.png\",\"path_encoding\":\"percent\""));
  EXPECT_EQ(facet_predict_file(predictor_.get(), path("no\xE9.png").c_str(), nullptr, &raw),
            FACET_NOT_FOUND);
  EXPECT_THAT(facet_last_error(), HasSubstr("no\\xe9.png"));
}

TEST_F(CBadInput, OptionsOutOfRangeAreNamed) {
  const auto refuses = [&](const auto& set, const std::string& says) {
    auto options = defaults();
    set(options);
    EXPECT_EQ(predict_with(options), FACET_INVALID_ARGUMENT) << says;
    EXPECT_THAT(facet_last_error(), HasSubstr(says));
  };
  refuses([](auto& options) { options.head = "nobody"; }, "nobody");
  refuses([](auto& options) { options.threshold_mode = 2; }, "threshold_mode is 2");
  refuses([](auto& options) { options.proposals = -1; }, "proposals is -1");
  refuses([](auto& options) { options.turns = 3; }, "turns is 3");
  refuses([](auto& options) { options.min_face = 7; }, "smallest face");
  refuses([](auto& options) { options.max_faces = -1; }, "max_faces");
  refuses([](auto& options) { options.max_pixels = -1; }, "max_pixels");
  refuses([](auto& options) { options.timeout_ms = -1; }, "timeout_ms");
  refuses([](auto& options) { options.extra_head_count = 1; }, "extra heads is NULL");
  refuses(
      [](auto& options) {
        options.use_threshold = true;
        options.threshold = std::numeric_limits<float>::quiet_NaN();
      },
      "not a number");
  auto options = defaults();
  options.max_pixels = 100;
  EXPECT_EQ(predict_with(options), FACET_TOO_LARGE);
  options = defaults();
  options.timeout_ms = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(predict_with(options), FACET_OK);
}

TEST_F(CBadInput, OptionsAreJudgedEvenWhereNoPhotoCanBeRead) {
  auto options = defaults();
  options.head = "nobody";
  const auto missing = photo(path("missing.png"));
  const facet_photo* const photos[] = {missing.get(), missing.get()};
  facet_result* results[2] = {};
  EXPECT_EQ(facet_predict(predictor_.get(), photos, 2, &options, results), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(facet_predict(predictor_.get(), photos, 1, &options, results), FACET_INVALID_ARGUMENT);
}

TEST_F(CBadInput, PredictorsNeedSensibleNumbers) {
  const auto create = [&](std::int32_t threads, std::int32_t calls, facet_precision precision) {
    facet_predictor_options options{};
    options.struct_size = sizeof options;
    options.threads = threads;
    options.calls = calls;
    options.precision = precision;
    facet_predictor* predictor = nullptr;
    const facet_status status = facet_predictor_create(model_.get(), &options, &predictor);
    facet_predictor_free(predictor);
    return status;
  };
  EXPECT_EQ(create(1, 1, FACET_PRECISION_FP32), FACET_OK);
  EXPECT_EQ(create(-1, 1, FACET_PRECISION_FP32), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(create(1, 1'000'000, FACET_PRECISION_FP32), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(create(1, 1, 3), FACET_INVALID_ARGUMENT);
}

TEST_F(CBadInput, PixelsMustFitTheirSizes) {
  std::vector<std::uint8_t> bytes(30 * 20 * 3);
  facet_pixels pixels{};
  pixels.struct_size = sizeof pixels;
  pixels.data = bytes.data();
  pixels.size = bytes.size();
  pixels.width = 30;
  pixels.height = 20;
  const auto status = [&](const facet_pixels& given) {
    facet_photo* photo = nullptr;
    const facet_status result = facet_photo_from_pixels(&given, nullptr, &photo);
    facet_photo_free(photo);
    return result;
  };
  EXPECT_EQ(status(pixels), FACET_OK);
  auto bad = pixels;
  bad.width = 31;
  EXPECT_EQ(status(bad), FACET_INVALID_ARGUMENT);
  bad = pixels;
  bad.height = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(status(bad), FACET_INVALID_ARGUMENT);
  bad = pixels;
  bad.stride = -90;
  EXPECT_EQ(status(bad), FACET_INVALID_ARGUMENT);
  bad = pixels;
  bad.format = 5;
  EXPECT_EQ(status(bad), FACET_INVALID_ARGUMENT);
  bad = pixels;
  bad.data = nullptr;
  EXPECT_EQ(status(bad), FACET_INVALID_ARGUMENT);
}

TEST_F(CBadInput, NumbersBeyondTheEndAreRefused) {
  const auto result = predict("face.png", nullptr);
  facet_face face{};
  face.struct_size = sizeof face;
  facet_attribute attribute{};
  attribute.struct_size = sizeof attribute;
  EXPECT_EQ(facet_result_face(result.get(), 1, &face), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(facet_result_attribute(result.get(), 0, 40, &attribute), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(facet_result_find_attribute(result.get(), 0, "Nobody", &attribute),
            FACET_INVALID_ARGUMENT);
  EXPECT_THAT(facet_last_error(), HasSubstr("Nobody"));
  const char* name = nullptr;
  EXPECT_EQ(facet_model_attribute_name(model_.get(), "celeba", 40, &name), FACET_INVALID_ARGUMENT);
  std::size_t count = 1;
  EXPECT_EQ(facet_model_attribute_count(model_.get(), "nobody", &count), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(count, 0U);
}

TEST_F(CBadInput, HeadsMustFit) {
  const std::vector<float> weight(3);
  facet_head_values values{};
  values.struct_size = sizeof values;
  values.name = "Hat";
  values.weight = weight.data();
  values.weight_count = weight.size();
  facet_head* head = nullptr;
  EXPECT_EQ(facet_head_create(model_.get(), nullptr, &values, &head), FACET_INVALID_ARGUMENT);
  EXPECT_THAT(facet_last_error(), HasSubstr("3 weights for 4 features"));
  values.name = "two words";
  EXPECT_EQ(facet_head_create(model_.get(), nullptr, &values, &head), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(facet_head_load(path("missing.head").c_str(), &head), FACET_NOT_FOUND);
  EXPECT_EQ(facet_head_load(path("face.png").c_str(), &head), FACET_BAD_MODEL);
}

}  // namespace
}  // namespace facet::detail
