// SPDX-License-Identifier: Apache-2.0
#include "facet/taught_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "apps/small_model.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"
#include "facet/predictor.hpp"
#include "format/safetensors.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "model/model_access.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class ExtraHeads : public ::testing::Test {
 protected:
  ExtraHeads() {
    write_small_model(folder_ / "model.safetensors");
    write_blob_photo(folder_ / "photo.png");
    model_ = Model::load(folder_ / "model.safetensors");
    head_.name = "Round_Glasses";
    head_.model_name = model_->name();
    head_.model_version = model_->version();
    head_.anet_checksum = describer_checksum(parts_of(*model_));
    head_.feature_layer = "FC";
    head_.weight = {0.1F, -1.0F / 3, 2.5F, 1e-9F};
    head_.bias = -0.7F;
    head_.calibration_a = 1.3F;
    head_.calibration_b = 0.2F;
    head_.threshold = 0.4F;
    head_.threshold_balanced = 0.1F;
    head_.licence = model_->licence();
    head_.teaching = {60, 20, 10, 0.9F, 0.85F, 0.3F};
  }

  // A model that differs in what `change` does to it.
  std::shared_ptr<const Model> other_model(const std::function<void(LoadedModel&)>& change) {
    LoadedModel loaded = read_model(folder_ / "model.safetensors");
    change(loaded);
    write_model(folder_ / "other.safetensors", loaded.parts, loaded.networks);
    return Model::load(folder_ / "other.safetensors");
  }
  static std::string fault_of(ErrorCode code, const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.what();
    }
    return {};
  }
  // What is said of a head file whose description was changed, with a checksum that fits.
  std::string fault_after(const std::function<void(json&)>& change,
                          const std::function<void(WeightMap&)>& change_tensors = {}) {
    head_.write(file_);
    SafetensorsFile file = read_safetensors(file_);
    json description = json::parse(file.metadata.at("facet"));
    change(description);
    if (change_tensors) change_tensors(file.tensors);
    file.metadata.erase("sha256");
    file.metadata["facet"] = description.dump();
    write_safetensors(file_, file.tensors, file.metadata, StoredType::f32);
    return fault_of(ErrorCode::bad_model, [&] { TaughtHead::load(file_); });
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "glasses.head";
  std::shared_ptr<const Model> model_;
  TaughtHead head_;
};

TEST_F(ExtraHeads, ComeBackFromTheirFileAsTheyWere) {
  head_.write(file_);
  EXPECT_EQ(TaughtHead::load(file_), head_);
}

TEST_F(ExtraHeads, FollowTheBundledAttributes) {
  const Image photo = read_image(folder_ / "photo.png");
  Predictor predictor(model_);
  const Face plain = predictor.predict(photo).faces.at(0);
  PredictOptions options;
  options.extra_heads = {head_, head_};
  options.extra_heads[1].name = "Other";
  options.extra_heads[1].bias = 100;
  const Face face = predictor.predict(photo, options).faces.at(0);
  ASSERT_EQ(face.attributes.size(), 42U);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(face.attributes[i].probability, plain.attributes[i].probability);
  }
  EXPECT_GT(face.attributes[40].probability, 0);
  EXPECT_LT(face.attributes[40].probability, face.attributes[41].probability);
  EXPECT_EQ(face.attributes[40].present, face.attributes[40].probability >= 0.4F);
}

TEST_F(ExtraHeads, AnswerLikeABundledHeadOfTheSameWeights) {
  const auto with_head = other_model([&](LoadedModel& loaded) {
    for (float& weight : head_.weight) weight = from_half(to_half(weight));  // as models store them
    loaded.parts.heads["glasses"] = to_head(head_);
    loaded.parts.heads["glasses"].name = "glasses";
  });
  const Image photo = read_image(folder_ / "photo.png");
  Predictor predictor(with_head);
  PredictOptions options;
  options.head = "glasses";
  options.extra_heads = {head_};
  const Face face = predictor.predict(photo, options).faces.at(0);
  ASSERT_EQ(face.attributes.size(), 2U);
  EXPECT_EQ(face.attributes[0].probability, face.attributes[1].probability);
}

TEST_F(ExtraHeads, AreDecidedByTheSameThresholdModeAsBundledOnes) {
  const auto model = other_model([](LoadedModel& loaded) {
    Head& bundled = loaded.parts.heads.at("lfwa");
    bundled.threshold.assign(3, 1);
    bundled.threshold_balanced.assign(3, 0);
  });
  head_.calibration_a = 0;
  head_.calibration_b = std::log(0.25F / 0.75F);  // a probability of 0.25, between its thresholds
  Predictor predictor(model);
  PredictOptions options;
  options.head = "lfwa";
  options.extra_heads = {head_};
  const Image photo = read_image(folder_ / "photo.png");
  const Face accuracy = predictor.predict(photo, options).faces.at(0);
  options.threshold_mode = ThresholdMode::balanced;
  const Face balanced = predictor.predict(photo, options).faces.at(0);
  ASSERT_EQ(accuracy.attributes.size(), 4U);
  ASSERT_EQ(balanced.attributes.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(accuracy.attributes[i].probability, balanced.attributes[i].probability);
    EXPECT_FALSE(accuracy.attributes[i].present) << i;
    EXPECT_TRUE(balanced.attributes[i].present) << i;
  }
  const auto described = [&](ThresholdMode mode) {
    return predictor.describe(photo, {&balanced.box, 1}, "lfwa", mode).at(0).attributes.at(0);
  };
  EXPECT_FALSE(described(ThresholdMode::accuracy).present);
  EXPECT_TRUE(described(ThresholdMode::balanced).present);
}

TEST_F(ExtraHeads, FitAModelWithTheSameAnetWhateverItsVersion) {
  check_fit(head_, *model_);
  check_fit(head_, *other_model([](LoadedModel& loaded) { loaded.parts.version = "2"; }));
}

TEST_F(ExtraHeads, AreRefusedByNameAndVersionWhereAnetDiffers) {
  const auto expect_refused = [&](const std::function<void(LoadedModel&)>& change) {
    const auto model = other_model([&](LoadedModel& loaded) {
      loaded.parts.version = "2";
      change(loaded);
    });
    const std::string fault = fault_of(ErrorCode::bad_model, [&] { check_fit(head_, *model); });
    for (const char* part : {"Round_Glasses", "blobs 1", "blobs 2"}) {
      EXPECT_THAT(fault, HasSubstr(part));
    }
    PredictOptions options;
    options.extra_heads = {head_};
    Predictor predictor(model);
    EXPECT_THROW(predictor.predict(Image(40, 40), options), Error);
  };
  expect_refused(
      [](LoadedModel& loaded) { loaded.networks["anet"].weights["FC.weight"].values[3] += 0.25F; });
  expect_refused([](LoadedModel& loaded) { loaded.networks["anet"].spec.mean += 1; });
  expect_refused([](LoadedModel& loaded) { loaded.parts.patches.region_scale += 0.1F; });
}

TEST_F(ExtraHeads, AreRefusedWhereTheirWeightsDoNotFitTheLayer) {
  TaughtHead wrong = head_;
  wrong.weight.push_back(1);
  EXPECT_THAT(fault_of(ErrorCode::bad_model, [&] { check_fit(wrong, *model_); }),
              HasSubstr("5 weights for 4 features"));
  wrong = head_;
  wrong.feature_layer = "C9";
  EXPECT_THAT(fault_of(ErrorCode::bad_model, [&] { check_fit(wrong, *model_); }),
              HasSubstr("no layer \"C9\""));
}

TEST_F(ExtraHeads, NeedNamesOfTheirOwn) {
  PredictOptions options;
  options.extra_heads = {head_, head_};
  Predictor predictor(model_);
  EXPECT_THAT(
      fault_of(ErrorCode::invalid_argument, [&] { predictor.predict(Image(40, 40), options); }),
      HasSubstr("Round_Glasses"));
}

TEST_F(ExtraHeads, OfDamagedOrForeignFilesAreRefused) {
  head_.write(file_);
  const std::string bytes = read_all(file_);
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    write_all(file_, bytes.substr(0, length));
    EXPECT_THAT(fault_of(ErrorCode::bad_model, [&] { TaughtHead::load(file_); }),
                HasSubstr("glasses.head"));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x04);
    write_all(file_, flipped);
    EXPECT_THROW(TaughtHead::load(file_), Error) << "byte " << i;
  }
  EXPECT_THAT(
      fault_of(ErrorCode::bad_model, [&] { TaughtHead::load(folder_ / "model.safetensors"); }),
      HasSubstr("not a facet head"));
  EXPECT_THAT(fault_of(ErrorCode::not_found, [&] { TaughtHead::load(folder_ / "none.head"); }),
              HasSubstr("none.head"));
}

TEST_F(ExtraHeads, WithImpossibleContentsAreRefused) {
  const auto with = [&](const char* key, const json& value) {
    return fault_after([&](json& description) { description[key] = value; });
  };
  EXPECT_THAT(with("name", ""), HasSubstr("name"));
  EXPECT_THAT(with("name", "two words"), HasSubstr("white space"));
  EXPECT_THAT(with("threshold", 1.5), HasSubstr("threshold"));
  EXPECT_THAT(with("bias", "high"), HasSubstr("bias"));
  EXPECT_THAT(with("calibration_a", 1e30), HasSubstr("calibration_a"));
  EXPECT_THAT(with("model", 3), HasSubstr("model"));
  EXPECT_THAT(with("format_version", 2), HasSubstr("newer"));
  EXPECT_THAT(with("surprise", 1), HasSubstr("surprise"));
  EXPECT_THAT(fault_after([](json& description) { description.erase("licence"); }),
              HasSubstr("licence"));
  EXPECT_THAT(fault_after([](json&) {}, [](WeightMap& tensors) { tensors.erase("weight"); }),
              HasSubstr("weight"));
  EXPECT_THAT(fault_after([](json&) {},
                          [](WeightMap& tensors) {
                            tensors["more"] = {{1}, {0}};
                          }),
              HasSubstr("more"));
}

TEST_F(ExtraHeads, ThatCouldNotBeLoadedAreNotWritten) {
  head_.write(file_);
  const std::string before = read_all(file_);
  TaughtHead wrong = head_;
  wrong.name = "\xFF";
  EXPECT_THROW(wrong.write(file_), Error);
  wrong = head_;
  wrong.weight[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(wrong.write(file_), Error);
  wrong = head_;
  wrong.bias = std::numeric_limits<float>::infinity();
  EXPECT_THROW(wrong.write(file_), Error);
  EXPECT_EQ(read_all(file_), before);
  EXPECT_THROW(head_.write(folder_ / "no/folder/x.head"), Error);
}

TEST(AttributeNames, AreWordsThatListsCanShow) {
  for (const char* name : {"Smiling", "5_o_Clock_Shadow",
                           "L\xC3\xA4"
                           "cheln",
                           "x"}) {
    EXPECT_NO_THROW(check_attribute_name(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("two words"), std::string("a,b"), std::string("a\"b"),
        std::string("a\nb"), std::string("\xFF"), std::string(101, 'x')}) {
    EXPECT_THROW(check_attribute_name(name), Error) << name;
  }
}

}  // namespace
}  // namespace facet::detail
