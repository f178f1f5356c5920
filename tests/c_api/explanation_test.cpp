// SPDX-License-Identifier: Apache-2.0
// Explanations by the C API.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "c_api/small_predictor.hpp"
#include "facet/facet.h"

namespace facet::detail {
namespace {

struct FreeExplainer {
  void operator()(facet_explainer* handle) const { facet_explainer_free(handle); }
};
using OwnedExplainer = std::unique_ptr<facet_explainer, FreeExplainer>;

const std::string source = FACET_SOURCE_DIR;

class Explaining : public ::testing::Test {
 protected:
  Explaining() {
    facet_model* model = nullptr;
    EXPECT_EQ(facet_model_load((source + "/models/best.safetensors").c_str(), &model), FACET_OK);
    model_.reset(model);
    facet_explainer* explainer = nullptr;
    EXPECT_EQ(facet_explainer_create(model, nullptr, nullptr, &explainer), FACET_OK)
        << facet_last_error();
    explainer_.reset(explainer);
    facet_photo* photo = nullptr;
    EXPECT_EQ(facet_photo_from_file((source + "/samples/astronaut.png").c_str(), &photo), FACET_OK);
    photo_.reset(photo);
  }
  Owned<facet_model> model_;
  OwnedExplainer explainer_;
  Owned<facet_photo> photo_;
};

TEST_F(Explaining, SaysWhy) {
  const std::array<const char*, 2> names = {"Bangs", "Bald"};
  char* text = nullptr;
  ASSERT_EQ(facet_explain_json(explainer_.get(), photo_.get(), nullptr, names.data(), 2, &text),
            FACET_OK)
      << facet_last_error();
  const auto photo = nlohmann::json::parse(Owned<char>(text).get());
  const auto& face = photo.at("faces").at(0);
  EXPECT_TRUE(face.at("sentence").get<std::string>().starts_with("labelled as: "));
  ASSERT_EQ(face.at("explanations").size(), 2U);
  for (const auto& one : face.at("explanations")) {
    double sum = one.at("average_score").get<double>() + one.at("rest").get<double>();
    for (const auto& term : one.at("concepts")) sum += term.at("contribution").get<double>();
    EXPECT_NEAR(sum, one.at("score").get<double>(), 1e-4);
  }
  ASSERT_EQ(facet_explain_html(explainer_.get(), photo_.get(), nullptr, names.data(), 1, &text),
            FACET_OK);
  EXPECT_TRUE(std::string(Owned<char>(text).get()).starts_with("<!DOCTYPE html>"));
}

TEST_F(Explaining, RefusesWhatMakesNoSense) {
  const std::array<const char*, 1> wings = {"Wings"};
  char* text = nullptr;
  EXPECT_EQ(facet_explain_json(explainer_.get(), photo_.get(), nullptr, wings.data(), 1, &text),
            FACET_INVALID_ARGUMENT);
  EXPECT_EQ(text, nullptr);
  EXPECT_EQ(facet_explain_json(explainer_.get(), photo_.get(), nullptr, nullptr, 1, &text),
            FACET_INVALID_ARGUMENT);
  EXPECT_EQ(facet_explain_json(nullptr, photo_.get(), nullptr, nullptr, 0, &text),
            FACET_INVALID_ARGUMENT);
  facet_predict_options boxes{};
  boxes.struct_size = sizeof boxes;
  boxes.boxes_only = true;
  EXPECT_EQ(facet_explain_json(explainer_.get(), photo_.get(), &boxes, nullptr, 0, &text),
            FACET_INVALID_ARGUMENT);
  facet_photo* missing = nullptr;
  ASSERT_EQ(facet_photo_from_file("no/such/photo.jpg", &missing), FACET_OK);
  const Owned<facet_photo> owned(missing);
  EXPECT_EQ(facet_explain_json(explainer_.get(), missing, nullptr, nullptr, 0, &text),
            FACET_NOT_FOUND);
}

using SmallModel = SmallPredictor;

TEST_F(SmallModel, WithoutConceptsIsNotExplained) {
  facet_explainer* explainer = nullptr;
  EXPECT_EQ(facet_explainer_create(model_.get(), nullptr, nullptr, &explainer), FACET_NOT_FOUND);
  EXPECT_EQ(explainer, nullptr);
  const std::string other = source + "/models/best.explain";
  EXPECT_EQ(facet_explainer_create(model_.get(), other.c_str(), nullptr, &explainer),
            FACET_BAD_MODEL);
}

}  // namespace
}  // namespace facet::detail
