// SPDX-License-Identifier: Apache-2.0
// What people said of faces in an index teaches an attribute and measures a model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "image/encode.hpp"
#include "localise/blob_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

class SaidLabels : public ::testing::Test {
 protected:
  // Photos with two faces each: the left one is bright, the right one dim.
  void SetUp() override {
    write_small_model(folder_ / "small.safetensors");
    fs::create_directories(photos());
    for (int i = 0; i < 12; ++i) {
      Image photo = testing::flat_photo(240, 120, static_cast<std::uint8_t>(10 + i));
      testing::draw_blob(photo, 60, 60, 30, 255);
      testing::draw_blob(photo, 180, 60, 30, 235);
      const auto bytes = encode_png(photo);
      write_all(photos() / ("p" + std::to_string(i) + ".png"),
                {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    EXPECT_EQ(facet({"index", "photos"}).exit_code, 0);
  }

  [[nodiscard]] fs::path photos() const { return folder_.path() / "photos"; }
  CommandResult facet(std::vector<std::string> words) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=" + (folder_ / "small.safetensors").string(),
                           "FACET_DB=" + (folder_ / "index.db").string()};
    return run_facet(words, options);
  }
  // Says of each face whether it is the left one.
  void say(const std::string& attribute) const {
    std::istringstream lines(facet({"export", "--format", "jsonl"}).out);
    std::string answers;
    for (std::string line; std::getline(lines, line);) {
      json photo = json::parse(line);
      ASSERT_EQ(photo["faces"].size(), 2U);
      for (json& face : photo["faces"]) {
        face["said"][attribute] = face["box"]["x"].get<double>() < 120;
      }
      answers += photo.dump() + '\n';
    }
    write_all(folder_ / "answers.jsonl", answers);
    const CommandResult run = facet({"label", "answers.jsonl", "--allow-new"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("24 labels kept"));
    EXPECT_EQ(facet({"export", "--said", "-o", "said.jsonl"}).exit_code, 0);
  }

  TemporaryFolder folder_;
};

TEST_F(SaidLabels, TeachFaceByFace) {
  say("Left");
  const CommandResult taught =
      facet({"teach", "Left", "--labels", "said.jsonl", "photos", "--out", "left.head"});
  ASSERT_EQ(taught.exit_code, 0) << taught.err;
  EXPECT_THAT(taught.out, HasSubstr("24 (12 with, 12 without)"));
  const json predicted = json::parse(
      facet({"predict", "photos", "--extra-head", "left.head", "--format", "json"}).out);
  int faces = 0;
  for (const json& photo : predicted.at("images")) {
    for (const json& face : photo["faces"]) {
      const bool left = face["box"]["x"].get<double>() < 120;
      const double p = face["attributes"].back()["probability"].get<double>();
      EXPECT_EQ(p > 0.5, left) << photo["path"] << " " << p;
      ++faces;
    }
  }
  EXPECT_EQ(faces, 24);
  const CommandResult other =
      facet({"teach", "Right", "--labels", "said.jsonl", "photos", "--out", "right.head"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("said.jsonl: people said nothing of Right but of Left"));
}

TEST_F(SaidLabels, MeasureAModel) {
  say("celeba_0");
  const CommandResult run = facet({"eval", "said", "--labels", "said.jsonl", "--out", "results"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("24 faces about which people said something, 24 of them found"));
  // The model says the same of all faces: half of it is right.
  std::istringstream lines(read_all(folder_ / "results/said.csv"));
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, HasSubstr("attribute,faces,present,accuracy,balanced,majority"));
  std::getline(lines, line);
  EXPECT_THAT(line, HasSubstr("celeba_0,24,50.0,"));
  EXPECT_EQ(facet({"eval", "said"}).exit_code, 2);
  EXPECT_THAT(facet({"eval", "wild"}).err, HasSubstr("--data is required"));
}

}  // namespace
}  // namespace facet::detail
