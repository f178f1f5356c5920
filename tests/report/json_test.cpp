// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "facet/report.hpp"
#include "report/example_results.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

TEST(Json, HoldsEveryFieldOfAFace) {
  const json parsed = json::parse(to_json(std::vector{two_faces()}, example_context()));
  EXPECT_EQ(parsed.at("model"), "paper 1");
  const json expected = json::parse(R"({
    "path": "a/two.jpg", "width": 400, "height": 200, "min_face": 40.0, "status": "ok", "faces": [
      {"box": {"x": 100.0, "y": 50.0, "width": 80.5, "height": 100.0},
       "box_normalized": {"x": 0.25, "y": 0.25, "width": 0.20125, "height": 0.5},
       "score": 3.25,
       "attributes": [{"name": "5_o_Clock_Shadow", "probability": 0.1, "threshold": 0.5, "present": false},
                      {"name": "Smiling", "probability": 0.9, "threshold": 0.5, "present": true},
                      {"name": "Young", "probability": 0.95, "threshold": 0.5, "present": true}]},
      {"box": {"x": 300.0, "y": 20.0, "width": 40.0, "height": 50.0},
       "box_normalized": {"x": 0.75, "y": 0.1, "width": 0.1, "height": 0.25},
       "score": 0.5, "below_threshold": true,
       "attributes": [{"name": "5_o_Clock_Shadow", "probability": 0.75, "threshold": 0.5, "present": true},
                      {"name": "Smiling", "probability": 0.25, "threshold": 0.5, "present": false},
                      {"name": "Young", "probability": 0.2, "threshold": 0.5, "present": true}]}]})");
  EXPECT_EQ(parsed.at("images"), json::array({expected}));
}

TEST(Json, SaysWhyAPhotoHasNoFaces) {
  const json images = json::parse(to_json(example_results(), example_context())).at("images");
  ASSERT_EQ(images.size(), 3U);
  EXPECT_EQ(images[1],
            json::parse(R"({"path": "cup.png", "width": 640, "height": 480, "min_face": 40.0,
                                      "status": "no_face", "faces": []})"));
  EXPECT_EQ(images[2], json::parse(R"({"path": "broken.jpg", "width": 0, "height": 0,
                                      "status": "unreadable", "reason": "truncated JPEG",
                                      "faces": []})"));
}

TEST(Json, SaysWhatIsUnusualAboutAFile) {
  PhotoResult odd = no_face();
  EXPECT_FALSE(json::parse(to_json(std::vector{odd}, example_context()))
                   .at("images")[0]
                   .contains("warning"));
  odd.warning = "no end";
  odd.reduce = 4;
  const json image = json::parse(to_json(std::vector{odd}, example_context())).at("images")[0];
  EXPECT_EQ(image.at("warning"), "no end");
  EXPECT_EQ(image.at("decoded_at"), "1/4");
}

TEST(Json, OfNoPhotosIsAnEmptyList) {
  const json parsed = json::parse(to_json({}, example_context()));
  EXPECT_EQ(parsed, json::parse(R"({"schema": 1, "model": "paper 1", "precision": "auto",
                                      "threshold_mode": "accuracy", "images": []})"));
}

TEST(Json, NamesTheThresholdModeThatIsNotTheDefault) {
  ReportContext context = example_context();
  context.threshold_mode = ThresholdMode::balanced;
  EXPECT_EQ(
      to_json({}, context),
      "{\"schema\":1,\"model\":\"paper 1\",\"precision\":\"auto\",\"threshold_mode\":\"balanced\","
      "\"images\":[]}\n");
}

TEST(Json, NamesModelAndVersionApart) {
  ReportContext context = example_context();
  context.model_name = "paper";
  context.model_version = "1";
  const json parsed = json::parse(to_json({}, context));
  EXPECT_EQ(parsed.at("model"), "paper 1");
  EXPECT_EQ(parsed.at("model_name"), "paper");
  EXPECT_EQ(parsed.at("model_version"), "1");
}

TEST(Json, KeepsTheDocumentedOrderOfKeysAndALineAPhoto) {
  const std::string text = to_json(std::vector{no_face(), unreadable()}, example_context());
  EXPECT_EQ(
      text,
      "{\"schema\":1,\"model\":\"paper 1\",\"precision\":\"auto\","
      "\"threshold_mode\":\"accuracy\",\"images\":[\n"
      "{\"path\":\"cup.png\",\"width\":640,\"height\":480,\"min_face\":40.0,\"status\":\"no_face\","
      "\"faces\":[]},\n"
      "{\"path\":\"broken.jpg\",\"width\":0,\"height\":0,\"status\":\"unreadable\","
      "\"reason\":\"truncated JPEG\",\"faces\":[]}\n]}\n");
}

TEST(Json, OfOnePhotoIsItsElementOfTheList) {
  const json images = json::parse(to_json(example_results(), example_context())).at("images");
  EXPECT_EQ(json::parse(photo_to_json(two_faces())), images[0]);
}

TEST(Json, EscapesPathsAndSurvivesNamesThatAreNotUtf8) {
  PhotoResult result = no_face();
  result.path = "\"quoted\"\n\\ \xFF caf\xC3\xA9.jpg";
  const json parsed = json::parse(to_json(std::vector{result}, example_context()));
  EXPECT_EQ(parsed["images"][0]["path"], "\"quoted\"\n\\ %FF caf\xC3\xA9.jpg");
  EXPECT_EQ(parsed["images"][0]["path_encoding"], "percent");
}

TEST(Json, NormalizedBoxesStayWithinOne) {
  PhotoResult result = two_faces();
  result.faces[0].box = {0, 0, 400.001F, 200.001F};
  const json box = json::parse(photo_to_json(result))["faces"][0]["box_normalized"];
  EXPECT_EQ(box["width"], 1.0);
  EXPECT_EQ(box["height"], 1.0);
}

TEST(Json, LeavesAttributesOutWhereFacesWereOnlyLocated) {
  PhotoResult result = two_faces();
  for (Face& face : result.faces) face.attributes.clear();
  const json face = json::parse(photo_to_json(result))["faces"][0];
  EXPECT_FALSE(face.contains("attributes"));
  EXPECT_TRUE(face.contains("box"));
}

TEST(Json, StaysValidWithoutFiniteNumbers) {
  PhotoResult result = two_faces();
  result.faces[0].score = std::numeric_limits<float>::quiet_NaN();
  result.faces[1].score = -std::numeric_limits<float>::infinity();
  const json faces =
      json::parse(to_json(std::vector{result}, example_context()))["images"][0]["faces"];
  EXPECT_TRUE(faces[0]["score"].is_null());
  EXPECT_TRUE(faces[1]["score"].is_null());
}

}  // namespace
}  // namespace facet::detail
