// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "evaluate/attribute_protocol.hpp"
#include "evaluate/evaluation.hpp"
#include "evaluate/fake_data.hpp"
#include "evaluate/localisation_protocol.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

std::string contents(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::size_t line_count(const std::filesystem::path& file) {
  const std::string text = contents(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

EvaluationOptions options_for(const fake::Folder& folder) {
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  options.threads = 2;
  return options;
}

TEST(AttributeProtocol, MeasuresEveryReadablePhoto) {
  const fake::Folder folder;
  fake::write_wild(folder);
  folder.text("celeba_wild/img_celeba/000004.png", "not a photo");
  const EvaluationOptions options = options_for(folder);
  const AttributeReport report = measure_attributes(wild_set(options.data, 0), options);
  EXPECT_EQ(report.photos, 5U);
  ASSERT_EQ(report.unreadable.size(), 1U);
  EXPECT_NE(report.unreadable[0].find("000004"), std::string::npos);
  ASSERT_EQ(report.rows.size(), 3U);
  // The labels without photo 4: Bald 2 of 5, Male 2 of 5, Young 3 of 5.
  EXPECT_NEAR(report.rows[0].found.accuracy, 0.4, 1e-9);  // always said to be present
  EXPECT_NEAR(report.rows[0].found.balanced, 0.5, 1e-9);
  EXPECT_NEAR(report.rows[0].found.majority, 0.6, 1e-9);
  EXPECT_NEAR(report.rows[1].found.accuracy, 0.6, 1e-9);  // never
  EXPECT_NEAR(report.rows[2].found.positives, 0.6, 1e-9);
  EXPECT_NEAR(report.average.found.accuracy, (1.0 + report.rows[2].found.accuracy) / 3, 1e-9);
}

// A camera's folder holds clips, too, whatever their names say.
TEST(AttributeProtocol, GoesOnAfterAVideo) {
  const fake::Folder folder;
  fake::write_wild(folder);
  folder.text("celeba_wild/img_celeba/000004.png", std::string("\0\0\0\x18"
                                                               "ftypisom",
                                                               12));
  const EvaluationOptions options = options_for(folder);
  const AttributeReport report = measure_attributes(wild_set(options.data, 0), options);
  EXPECT_EQ(report.photos, 5U);
  ASSERT_EQ(report.unreadable.size(), 1U);
  EXPECT_NE(report.unreadable[0].find("video"), std::string::npos) << report.unreadable[0];
}

TEST(AttributeProtocol, DoesNotDependOnThreads) {
  const fake::Folder folder;
  fake::write_wild(folder);
  EvaluationOptions options = options_for(folder);
  const AttributeReport two = measure_attributes(wild_set(options.data, 0), options);
  options.threads = 1;
  const AttributeReport one = measure_attributes(wild_set(options.data, 0), options);
  EXPECT_EQ(one.average.found.calibration_error, two.average.found.calibration_error);
  EXPECT_EQ(one.average.constant.accuracy, two.average.constant.accuracy);
}

TEST(AttributeProtocol, AnswersUnderTheThresholdModeAskedFor) {
  const fake::Folder folder;
  fake::write_wild(folder);
  folder.text("celeba_wild/img_celeba/000004.png", "not a photo");
  EvaluationOptions options = options_for(folder);
  options.threshold_mode = ThresholdMode::balanced;
  const AttributeReport report = measure_attributes(wild_set(options.data, 0), options);
  // Male, 2 of 5, is never said to be present for accuracy.
  EXPECT_NEAR(report.rows[1].found.accuracy, 0.4, 1e-9);
  EXPECT_NEAR(report.rows[1].constant.accuracy, 0.4, 1e-9);
}

TEST(RunProtocol, KeepsTheFiguresOfThresholdModesApart) {
  const fake::Folder folder;
  fake::write_wild(folder);
  EvaluationOptions options = options_for(folder);
  options.out = folder.path() / "results";
  EXPECT_EQ(run_protocol("wild", options).text.find("balanced accuracy"), std::string::npos);
  options.threshold_mode = ThresholdMode::balanced;
  EXPECT_NE(run_protocol("wild", options).text.find("balanced accuracy"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(*options.out / "wild.csv"));
  EXPECT_TRUE(std::filesystem::exists(*options.out / "wild-balanced.csv"));
  EXPECT_NE(contents(*options.out / "summary.csv").find("\nwild-balanced,"), std::string::npos);
}

TEST(RunProtocol, WritesTablesAndReplacesItsLineOfTheSummary) {
  const fake::Folder folder;
  fake::write_wild(folder);
  fake::write_lfwa(folder);
  EvaluationOptions options = options_for(folder);
  options.out = folder.path() / "results" / "now";
  for (int i = 0; i < 2; ++i) {
    const EvaluationResult result = run_protocol("wild", options);
    EXPECT_NE(result.text.find("Average"), std::string::npos);
    EXPECT_TRUE(result.unreadable.empty());
  }
  run_protocol("lfwa-edge", options);
  EXPECT_EQ(line_count(*options.out / "wild.csv"), 5U);
  EXPECT_NE(contents(*options.out / "wild.csv").find("blobs"), std::string::npos);
  EXPECT_EQ(line_count(*options.out / "summary.csv"), 3U);
  EXPECT_GT(std::filesystem::file_size(*options.out / "wild-reliability.svg"), 1000U);
  options.head = "lfwa";
  run_protocol("wild", options);
  EXPECT_TRUE(std::filesystem::exists(*options.out / "wild-head-lfwa.csv"));
}

TEST(RunProtocol, RefusesUnknownNamesAndHeads) {
  const fake::Folder folder;
  fake::write_wild(folder);
  EvaluationOptions options = options_for(folder);
  EXPECT_THROW(run_protocol("guess", options), Error);
  options.head = "none";
  EXPECT_THROW(run_protocol("wild", options), Error);
}

TEST(LocalisationProtocol, FindsBlobsAndDrawsTheFigures) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  EvaluationOptions options = options_for(folder);
  options.out = folder.path() / "results";
  const EvaluationResult result = run_protocol("localisation", options);
  EXPECT_NE(result.text.find("left out"), std::string::npos);  // no frames are there
  const std::string table = contents(*options.out / "localisation.csv");
  EXPECT_NE(table.find("\nlfw,LNet,3,3,100.0,100.0,"), std::string::npos) << table;
  // In half of the photos there is nothing: the constant window is wrong there.
  EXPECT_NE(table.find("\nlfw,constant window,3,3,0.0,0.0,,100.0,0.5000,"), std::string::npos)
      << table;
  for (const char* name : {"localisation-roc.csv", "localisation-roc.svg",
                           "localisation-overlap.csv", "localisation-overlap.svg"}) {
    EXPECT_GT(std::filesystem::file_size(*options.out / name), 100U) << name;
  }
  EXPECT_EQ(line_count(*options.out / "summary.csv"), 4U);
}

TEST(LocalisationProtocol, NeedsAtLeastOneSet) {
  const fake::Folder folder;
  fake::write_scenes(folder);
  EXPECT_THROW(run_protocol("localisation", options_for(folder)), Error);
}

}  // namespace
}  // namespace facet::detail
