// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "evaluate/fake_data.hpp"
#include "evaluate/lfwa_plus_protocol.hpp"
#include "evaluate/photo_sets.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr int kPeople = 60;

std::string photo_name(int person, int photo) {
  return "P_" + std::to_string(100 + person) + "/P_" + std::to_string(100 + person) + "_000" +
         std::to_string(photo);
}

// Sixty people with two photos each, all of the test part but the last. Outdoor photos are dark;
// Female follows nothing, Baby never occurs.
void write_lfwa_plus(const fake::Folder& folder) {
  std::string labels = std::to_string(2 * kPeople) + "\nBaby Female  Outdoor\n";
  std::string partitions;
  for (int person = 0; person < kPeople; ++person) {
    for (int photo = 1; photo <= 2; ++photo) {
      const std::string name = photo_name(person, photo);
      const bool dark = (person + photo) % 3 == 0;
      Image image = testing::flat_photo(60, 60, dark ? 10 : 90);
      testing::draw_blob(image, 30, 30, 25, 230);
      fake::write_photo(folder, "lfwa/lfw-deepfunneled/" + name + ".png", image);
      labels += name + (person % 2 == 0 ? ".jpg -1 -1 " : ".jpg -1  1 ") + (dark ? "1\n" : "-1\n");
      partitions += name + (person + 1 == kPeople ? ".jpg 0\n" : ".jpg 1\n");
    }
  }
  folder.text("lfwa/anno/list_attr_extended.txt", labels);
  folder.text("lfwa/anno/list_eval_partition.txt", partitions);
}

EvaluationOptions options_for(const fake::Folder& folder) {
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  options.threads = 2;
  return options;
}

std::string fault_of(ErrorCode code, const EvaluationOptions& options) {
  try {
    run_protocol("lfwa-plus", options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  ADD_FAILURE() << "nothing thrown";
  return {};
}

TEST(LfwaPlus, AThirdOfAllNamesTeach) {
  int teaching = 0;
  for (int i = 0; i < 3000; ++i) teaching += teaches("Person_" + std::to_string(i)) ? 1 : 0;
  EXPECT_NEAR(teaching, 1000, 100);
  EXPECT_TRUE(teaches("Aaron_Peirsol") == teaches("Aaron_Peirsol"));
}

TEST(LfwaPlus, TeachesOnAThirdOfThePeopleAndMeasuresTheOthers) {
  const fake::Folder folder;
  write_lfwa_plus(folder);
  const LfwaPlusReport report = measure_lfwa_plus(options_for(folder));
  EXPECT_EQ(report.taught_photos, 2 * report.taught_people);
  EXPECT_EQ(report.photos, 2 * report.people);
  EXPECT_EQ(report.taught_people + report.people, 59U) << "nobody of the training part";
  EXPECT_GT(report.taught_people, 10U);
  EXPECT_GT(report.people, 30U);

  ASSERT_EQ(report.rows.size(), 3U);
  const LfwaPlusRow& baby = report.rows[0];
  EXPECT_EQ(baby.taught_positives, 0U);
  EXPECT_EQ(baby.cost, 0);
  EXPECT_EQ(baby.figures.accuracy, 1);
  const LfwaPlusRow& outdoor = report.rows[2];
  EXPECT_EQ(outdoor.attribute, "Outdoor");
  EXPECT_GT(outdoor.figures.accuracy, 0.95);
  EXPECT_GT(outdoor.figures.balanced, 0.95);
  EXPECT_NEAR(outdoor.figures.majority, 2.0 / 3, 0.1);
  EXPECT_EQ(outdoor.figures.photos, report.photos);

  EXPECT_EQ(report.rows[1].restates, "Male");
  EXPECT_LT(report.rows[1].figures.accuracy, 0.75) << "there is nothing to learn";
  EXPECT_EQ(report.unseen, 2U);
  EXPECT_NEAR(report.average_unseen.accuracy, (1 + outdoor.figures.accuracy) / 2, 1e-9);
  EXPECT_NEAR(report.average_all.accuracy,
              (1 + outdoor.figures.accuracy + report.rows[1].figures.accuracy) / 3, 1e-9);
}

TEST(LfwaPlus, DoesNotDependOnThreadsAndLeavesOutUnreadablePhotos) {
  const fake::Folder folder;
  write_lfwa_plus(folder);
  folder.text("lfwa/lfw-deepfunneled/" + photo_name(3, 1) + ".png", "not a photo");
  EvaluationOptions options = options_for(folder);
  const LfwaPlusReport two = measure_lfwa_plus(options);
  options.threads = 1;
  const LfwaPlusReport one = measure_lfwa_plus(options);
  ASSERT_EQ(one.unreadable.size(), 1U);
  EXPECT_EQ(one.photos + one.taught_photos, 117U);
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    EXPECT_EQ(one.rows[i].figures.accuracy, two.rows[i].figures.accuracy);
    EXPECT_EQ(one.rows[i].figures.calibration_error, two.rows[i].figures.calibration_error);
    EXPECT_EQ(one.rows[i].cost, two.rows[i].cost);
  }
}

TEST(LfwaPlus, WritesATableWithTheRunThatMadeIt) {
  const fake::Folder folder;
  write_lfwa_plus(folder);
  EvaluationOptions options = options_for(folder);
  options.out = folder.path() / "results";
  const std::string text = run_protocol("lfwa-plus", options).text;
  EXPECT_NE(text.find("Average of 2 unseen"), std::string::npos) << text;
  EXPECT_NE(text.find("always answered so: Baby\n"), std::string::npos) << text;
  std::ostringstream csv;
  csv << std::ifstream(*options.out / "lfwa-plus.csv").rdbuf();
  EXPECT_NE(csv.str().find(
                "photos,taught_photos,model,version,checksum,threads,precision,processor,program,"
                "revision,date\n"),
            std::string::npos);
  EXPECT_NE(csv.str().find("\nFemale,Male,"), std::string::npos) << csv.str();
  EXPECT_NE(csv.str().find("\nAverage of all 3,,"), std::string::npos) << csv.str();
  EXPECT_NE(csv.str().find(",blobs,"), std::string::npos) << csv.str();
  options.threshold_mode = ThresholdMode::balanced;
  run_protocol("lfwa-plus", options);
  EXPECT_TRUE(std::filesystem::exists(*options.out / "lfwa-plus-balanced.csv"));
}

TEST(LfwaPlus, NamesFileAndLineOfBadLabels) {
  const fake::Folder folder;
  write_lfwa_plus(folder);
  const EvaluationOptions options = options_for(folder);
  const std::string list = "lfwa/anno/list_attr_extended.txt";
  folder.text(list, "1\nBaby Female Outdoor\n" + photo_name(0, 1) + ".jpg -1 1\n");
  std::string fault = fault_of(ErrorCode::bad_label, options);
  EXPECT_NE(fault.find("list_attr_extended.txt:3: 3 labels expected, found 2"), std::string::npos)
      << fault;
  folder.text(list, "1\nBaby Female Outdoor\n" + photo_name(0, 1) + ".jpg -1 1 0\n");
  fault = fault_of(ErrorCode::bad_label, options);
  EXPECT_NE(fault.find("list_attr_extended.txt:3: '0' for Outdoor"), std::string::npos) << fault;
  std::filesystem::remove(folder.path() / list);
  fault = fault_of(ErrorCode::not_found, options);
  EXPECT_NE(fault.find("list_attr_extended.txt: no such file"), std::string::npos) << fault;
}

TEST(LfwaPlus, RefusesTooFewPhotosAndUnknownHeads) {
  const fake::Folder folder;
  write_lfwa_plus(folder);
  EvaluationOptions options = options_for(folder);
  options.limit = 12;
  const std::string fault = fault_of(ErrorCode::not_found, options);
  EXPECT_NE(fault.find("to teach from"), std::string::npos) << fault;
  options.limit = 0;
  options.head = "none";
  EXPECT_NE(fault_of(ErrorCode::invalid_argument, options).find("none"), std::string::npos);
}

// The collection itself, where it is there.
TEST(LfwaPlus, OfTheDataHasThirtyUnseenAttributes) {
  const char* data = std::getenv("FACET_DATA");
  if (data == nullptr ||
      !std::filesystem::exists(std::filesystem::path(data) / "lfwa/anno/list_attr_extended.txt")) {
    GTEST_SKIP() << "FACET_DATA names no folder with LFWA's extended labels";
  }
  const EvaluationSet set = lfwa_plus_set(data, 0);
  std::size_t unseen = 0;
  const auto forty = lfwa_set(data, PhotoVariant::whole, 1).attribute_names;
  for (const std::string& name : set.attribute_names) {
    const std::string restated = restated_attribute(name);
    unseen += restated.empty() ? 1U : 0U;
    const std::ptrdiff_t expected = restated.empty() ? 0 : 1;
    EXPECT_EQ(std::count(forty.begin(), forty.end(), restated), expected) << name;
    EXPECT_EQ(std::count(forty.begin(), forty.end(), name), 0) << name;
  }
  EXPECT_EQ(unseen, 30U);
}

}  // namespace
}  // namespace facet::detail
