// SPDX-License-Identifier: Apache-2.0
#include "evaluate/frechet_protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/fake_data.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Folder a: bright faces on dark ground, of several sizes. Folder b: the same, smaller, elsewhere.
void write_folders(const fake::Folder& folder) {
  for (int i = 0; i < 8; ++i) {
    const auto size = static_cast<float>(40 + 2 * i);
    const std::string name = std::to_string(i) + ".png";
    fake::write_photo(folder, "a/" + name, fake::face_photo(120, 120, 60, 60, size));
    fake::write_photo(folder, "b/" + name, fake::face_photo(160, 120, 50, 70, size + 16));
  }
}

FrechetOptions options_for(const fake::Folder& folder, const char* second) {
  FrechetOptions options;
  options.first = folder.path() / "a";
  options.second = folder.path() / second;
  options.model = fake::tiny_model();
  return options;
}

TEST(FrechetProtocol, FindsNoDistanceBetweenAFolderAndItself) {
  const fake::Folder folder;
  write_folders(folder);
  const FrechetReport same = measure_frechet(options_for(folder, "a"));
  EXPECT_EQ(same.photos[0], 8U);
  EXPECT_NEAR(same.distance, 0, 1e-6);
  EXPECT_GT(same.floor[0], 0);
  EXPECT_EQ(same.floor[0], same.floor[1]);
  EXPECT_GT(measure_frechet(options_for(folder, "b")).distance, same.distance + 1e-6);
}

TEST(FrechetProtocol, NamesItsFeaturesAndNeverCallsTheDistanceFid) {
  const fake::Folder folder;
  write_folders(folder);
  FrechetOptions options = options_for(folder, "b");
  options.out = folder.path() / "out";
  const EvaluationResult result = evaluate_frechet(options);
  EXPECT_THAT(result.text, HasSubstr("features of " + options.model->name()));
  EXPECT_THAT(result.text, HasSubstr("no FID"));
  EXPECT_THAT(result.text, HasSubstr("floor"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "out" / "frechet.csv"));
}

TEST(FrechetProtocol, NeedsPhotosForTwoHalves) {
  const fake::Folder folder;
  write_folders(folder);
  fake::write_photo(folder, "few/1.png", fake::face_photo(120, 120, 60, 60, 50));
  try {
    measure_frechet(options_for(folder, "few"));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.what(), HasSubstr("few"));
  }
}

}  // namespace
}  // namespace facet::detail
