// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "evaluate/fake_data.hpp"
#include "evaluate/head_comparison_protocol.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

EvaluationOptions options_for(const fake::Folder& folder) {
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  options.threads = 2;
  return options;
}

TEST(Deciders, AreMeasuredOnAllPatchesAndOnOne) {
  const fake::Folder folder;
  fake::write_wild(folder);
  fake::write_lfwa(folder);
  const DeciderReport report = measure_head_comparison(options_for(folder));
  ASSERT_EQ(report.rows.size(), 6U);
  const auto expect = [&](std::size_t row, const std::string& set, const std::string& decider,
                          int patches) {
    EXPECT_EQ(report.rows[row].set, set);
    EXPECT_EQ(report.rows[row].decider, decider);
    EXPECT_EQ(report.rows[row].patches, patches);
  };
  expect(0, "wild", "SVM", 8);
  expect(1, "wild", "sigmoid", 8);
  expect(2, "wild", "SVM", 1);
  expect(3, "wild", "sigmoid", 1);
  expect(4, "lfwa", "SVM", 8);  // the network has no logits of LFWA's
  expect(5, "lfwa", "SVM", 1);
}

TEST(Deciders, SayOnceWhatAModelOfOnePatchDecides) {
  const fake::Folder folder;
  fake::write_wild(folder);
  EvaluationOptions options = options_for(folder);
  options.model = fake::tiny_model({0}, false);
  const DeciderReport report = measure_head_comparison(options);
  ASSERT_EQ(report.rows.size(), 2U);
  EXPECT_EQ(report.rows[0].decider, "SVM");
  EXPECT_EQ(report.rows[0].patches, 1);
  EXPECT_EQ(report.rows[1].decider, "sigmoid");
}

TEST(Deciders, TheSigmoidGoesByTheNetworksLogits) {
  const fake::Folder folder;
  fake::write_wild(folder);
  const DeciderReport report = measure_head_comparison(options_for(folder));
  ASSERT_EQ(report.rows.size(), 4U);
  EXPECT_EQ(report.left_out.size(), 1U) << "lfwa";
  // Bald and Young always, Male never: the shares of the labels.
  const EvaluationSet set = wild_set(folder.path(), 0);
  double right = 0;
  for (const auto& photo : set.photos) {
    for (std::size_t a = 0; a < 3; ++a) right += (photo.labels[a] > 0) == (a != 1) ? 1 : 0;
  }
  EXPECT_NEAR(report.rows[1].average.accuracy,
              right / (3.0 * static_cast<double>(set.photos.size())), 1e-9);
}

TEST(Deciders, LeaveATable) {
  const fake::Folder folder;
  fake::write_wild(folder);
  EvaluationOptions options = options_for(folder);
  options.out = folder.path() / "results";
  std::filesystem::create_directories(*options.out);
  const EvaluationResult result = evaluate_head_comparison(options);
  EXPECT_NE(result.text.find("sigmoid"), std::string::npos);
  std::ostringstream csv;
  csv << std::ifstream(*options.out / "head-comparison.csv").rdbuf();
  EXPECT_NE(csv.str().find("wild,SVM,8,6,"), std::string::npos) << csv.str();
}

TEST(Deciders, NeedASet) {
  const fake::Folder folder;
  EXPECT_THROW(measure_head_comparison(options_for(folder)), Error);
}

}  // namespace
}  // namespace facet::detail
