// SPDX-License-Identifier: Apache-2.0
// The rows of `facet eval localisation`, and the thresholds it fits for them.
#include "evaluate/face_finders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "evaluate/evaluation.hpp"
#include "evaluate/fake_data.hpp"
#include "evaluate/localisation_threshold.hpp"
#include "facet/error.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

std::string contents(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// What thresholds are fitted on: two frames of held-out people, two scenes.
void write_threshold_photos(const fake::Folder& folder) {
  const Image photo = fake::face_photo(150, 120, 90, 60, 50);
  std::string boxes;
  for (int i = 1; i <= 6; ++i) {
    const std::string name = "00000" + std::to_string(i) + ".jpg";
    fake::write_photo(folder, "celeba_frames/img_celeba/" + name, photo);
    boxes += name + " 65 35 50 50\n";
  }
  folder.text("celeba_frames/list_attr_celeba.txt", fake::kAttributes);
  folder.text("celeba_frames/list_eval_partition.txt", fake::kPartitions);
  folder.text("celeba_frames/identity_CelebA.txt", fake::kIdentities);
  folder.text("celeba_frames/list_bbox_detector.txt", boxes);
  for (const char* name : {"scenes/11000.png", "scenes/11001.png"}) {
    fake::write_photo(folder, name, testing::flat_photo(160, 120, 30));
  }
}

EvaluationOptions options_for(const fake::Folder& folder) {
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  options.threads = 2;
  options.out = folder.path() / "results";
  return options;
}

TEST(LocalisationRows, AreKnownByNameAndMeasuredOnce) {
  EXPECT_EQ(localisation_ways({"constant", "lnet", "constant"}),
            (std::vector<LocalisationWay>{LocalisationWay::constant, LocalisationWay::lnet}));
  EXPECT_THROW(localisation_ways({"lnet", "guess"}), Error);
  EXPECT_THROW(localisation_ways({}), Error);
  EXPECT_EQ(localisation_ways(localisation_way_names()).size(), localisation_way_names().size());
}

TEST(LocalisationRows, AreMeasuredBesideEachOtherAndBesideFurtherModels) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  write_threshold_photos(folder);
  EvaluationOptions options = options_for(folder);
  options.rows = {"response", "lnet"};
  options.further_models = {{"the same again", fake::tiny_model()}};
  const EvaluationResult result = run_protocol("localisation", options);
  EXPECT_NE(result.text.find("threshold of raw mean response"), std::string::npos) << result.text;
  const std::string table = contents(*options.out / "localisation.csv");
  for (const char* name : {"raw mean response", "LNet", "the same again"}) {
    EXPECT_NE(table.find("\nlfw," + std::string(name) + ",3,3,100.0,100.0,"), std::string::npos)
        << table;
  }
  EXPECT_EQ(table.find("constant"), std::string::npos);
  for (const char* name : {"localisation-roc-lfw.svg", "localisation-threshold-response.svg"}) {
    EXPECT_GT(std::filesystem::file_size(*options.out / name), 100U) << name;
  }
  const std::string scores = contents(*options.out / "localisation-threshold-response.csv");
  EXPECT_EQ(std::count(scores.begin(), scores.end(), '\n'), 1 + 2 + 2) << scores;
}

TEST(LocalisationRows, OfASmallestFaceHaveASetOfSmallFaces) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  EvaluationOptions options = options_for(folder);
  run_protocol("localisation", options);
  EXPECT_EQ(contents(*options.out / "localisation.csv").find("\nlfw-small,"), std::string::npos);
  options.min_face = 24.0F;
  run_protocol("localisation", options);
  EXPECT_NE(contents(*options.out / "localisation.csv").find("\nlfw-small,LNet,3,3,"),
            std::string::npos);
}

TEST(LocalisationRows, AcceptNothingWhereNoThresholdCouldBeFitted) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  EvaluationOptions options = options_for(folder);
  options.rows = {"response"};
  const EvaluationResult result = run_protocol("localisation", options);
  EXPECT_NE(result.text.find("left out"), std::string::npos);
  // Recall at 0.01 and 0.1, mean overlap, then recall and false positives at its own threshold.
  const std::string table = contents(*options.out / "localisation.csv");
  EXPECT_NE(table.find(",0.0,0.0000,"), std::string::npos) << table;
}

TEST(LocalisationRows, OfFurtherModelsNeedNamesOfTheirOwn) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  EvaluationOptions options = options_for(folder);
  for (const char* name : {"", "LNet", "constant window"}) {
    options.further_models = {{name, options.model}};
    EXPECT_THROW(run_protocol("localisation", options), Error) << name;
  }
}

TEST(FaceFinder, AcceptsByTheShippedThresholdUnlessGivenOne) {
  const Image photo = fake::face_photo(150, 120, 90, 60, 50);
  Detector detector{"LNet", LocalisationWay::lnet, fake::tiny_model(), {}, {}};
  const std::vector<FoundBox> found = FaceFinder(detector, Precision::fp32).find(photo);
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(found[0].accepted);
  EXPECT_GE(found[0].score, parts_of(*detector.model).localiser.threshold);
  detector.threshold = found[0].score + 1;
  EXPECT_FALSE(FaceFinder(detector, Precision::fp32).find(photo).at(0).accepted);
  detector.way = LocalisationWay::response;
  detector.threshold.reset();
  EXPECT_FALSE(FaceFinder(detector, Precision::fp32).find(photo).at(0).accepted);
  EXPECT_GT(FaceFinder(detector, Precision::fp32).best_score(photo), 0);
}

}  // namespace
}  // namespace facet::detail
