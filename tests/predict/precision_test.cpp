// SPDX-License-Identifier: Apache-2.0
// What is decided at another precision than fp32, by the committed models.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "facet/predictor.hpp"

namespace facet::detail {
namespace {

constexpr double kMostDiffering = 0.002;  // of all attributes
constexpr double kMostDifferingOfFew = 0.005;
constexpr double kMostMoved = 0.01;  // of all boxes
constexpr float kSameBox = 0.95F;    // overlap

std::filesystem::path source(const std::string& path) {
  return std::filesystem::path(FACET_SOURCE_DIR) / path;
}

std::vector<std::filesystem::path> samples() {
  return {source("samples/astronaut.png"), source("samples/solvay_1927.jpg"),
          source("samples/chelsea.png"), source("samples/coffee.png")};
}

struct Comparison {
  std::size_t attributes = 0;
  std::size_t differing = 0;
  std::size_t faces = 0;
  std::size_t moved = 0;  // boxes that overlap those at fp32 by less than kSameBox
};

// The face among `faces` that is `face`.
const Face* same_face(const Face& face, const std::vector<Face>& faces) {
  const auto nearest =
      std::max_element(faces.begin(), faces.end(), [&](const Face& a, const Face& b) {
        return overlap(a.box, face.box) < overlap(b.box, face.box);
      });
  return nearest != faces.end() && overlap(nearest->box, face.box) > 0.5F ? &*nearest : nullptr;
}

// Both look for faces themselves.
Comparison compare(const std::shared_ptr<const Model>& model,
                   const std::vector<std::filesystem::path>& photos, bool dominant) {
  Predictor exact(model, 1, Precision::fp32);
  Predictor automatic(model, 1, Precision::automatic);
  PredictOptions options;
  options.locate.dominant = dominant;
  Comparison result;
  for (const std::filesystem::path& file : photos) {
    const Image photo = read_image(file);
    const PhotoResult expected = exact.predict(photo, options);
    const PhotoResult actual = automatic.predict(photo, options);
    EXPECT_EQ(actual.faces.size(), expected.faces.size()) << file;
    for (const Face& face : expected.faces) {
      ++result.faces;
      const Face* found = same_face(face, actual.faces);
      result.moved += found == nullptr || overlap(found->box, face.box) < kSameBox;
      for (std::size_t k = 0; k < face.attributes.size(); ++k) {
        ++result.attributes;
        result.differing +=
            found == nullptr || found->attributes[k].present != face.attributes[k].present;
      }
    }
  }
  return result;
}

void expect_few_differ(const Comparison& result, double most_differing) {
  EXPECT_LE(static_cast<double>(result.differing),
            most_differing * static_cast<double>(result.attributes))
      << result.differing << " of " << result.attributes << " attributes";
  EXPECT_LE(static_cast<double>(result.moved), kMostMoved * static_cast<double>(result.faces))
      << result.moved << " of " << result.faces << " boxes";
}

class AutomaticPrecision : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!processor_has_bf16()) GTEST_SKIP() << "this processor has no instructions for bf16";
    const std::filesystem::path file = source("models/" + GetParam() + ".safetensors");
    model_ = Model::load(file);
  }
  std::shared_ptr<const Model> model_;
};

TEST_P(AutomaticPrecision, DecidesAsFp32OnTheSamples) {
  const Comparison result = compare(model_, samples(), false);
  EXPECT_GE(result.attributes, 1000U);
  // Thirty faces, most of them small and blurred: one decision is a tenth of a percent.
  expect_few_differ(result, kMostDifferingOfFew);
}

TEST_P(AutomaticPrecision, DecidesAsFp32OnLoosePhotos) {
  const char* data = std::getenv("FACET_DATA");
  if (data == nullptr) GTEST_SKIP() << "FACET_DATA is not set";
  const std::filesystem::path folder = std::filesystem::path(data) / "celeba_wild" / "img_celeba";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  std::vector<std::filesystem::path> photos;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           folder, std::filesystem::directory_options::follow_directory_symlink)) {
    if (has_photo_extension(entry.path())) photos.push_back(entry.path());
  }
  std::sort(photos.begin(), photos.end());
  constexpr std::size_t wanted = 200;
  ASSERT_GE(photos.size(), wanted);
  std::vector<std::filesystem::path> chosen;
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(photos[i * photos.size() / wanted]);
  const Comparison result = compare(model_, chosen, true);
  EXPECT_EQ(result.attributes, wanted * 40);
  expect_few_differ(result, kMostDiffering);
}

TEST_P(AutomaticPrecision, IsNotFp32ButHardlyDiffers) {
  const Image photo = read_image(samples().front());
  const PhotoResult exact = Predictor(model_, 1, Precision::fp32).predict(photo);
  const PhotoResult automatic = Predictor(model_, 1).predict(photo);
  ASSERT_EQ(exact.faces.size(), 1U);
  bool same = true;
  for (std::size_t k = 0; k < exact.faces[0].attributes.size(); ++k) {
    const float expected = exact.faces[0].attributes[k].probability;
    const float actual = automatic.faces.at(0).attributes.at(k).probability;
    EXPECT_NEAR(actual, expected, 0.05F);
    same = same && actual == expected;
  }
  EXPECT_FALSE(same);
}

TEST_P(AutomaticPrecision, AnswersAtBf16DoNotDependOnThreads) {
  const Image photo = read_image(samples().front());
  const PhotoResult one = Predictor(model_, 1, Precision::bf16).predict(photo);
  const PhotoResult two = Predictor(model_, 2, Precision::bf16).predict(photo);
  ASSERT_EQ(one.faces.size(), 1U);
  ASSERT_EQ(two.faces.size(), 1U);
  EXPECT_EQ(one.faces[0].box, two.faces[0].box);
  for (std::size_t k = 0; k < one.faces[0].attributes.size(); ++k) {
    EXPECT_EQ(one.faces[0].attributes[k].probability, two.faces[0].attributes[k].probability);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, AutomaticPrecision, ::testing::Values("paper", "best", "fast"),
                         [](const auto& one) { return one.param; });

// At automatic precision boxes and scores are those of fp32; at bf16 LNet rounds as well.
TEST_P(AutomaticPrecision, IsNotBf16Throughout) {
  const Image photo = read_image(samples().front());
  const PhotoResult automatic = Predictor(model_, 1).predict(photo);
  const PhotoResult bf16 = Predictor(model_, 1, Precision::bf16).predict(photo);
  ASSERT_EQ(bf16.faces.size(), 1U);
  EXPECT_GT(overlap(bf16.faces[0].box, automatic.faces.at(0).box), 0.8F);
  EXPECT_NE(bf16.faces[0].score, automatic.faces[0].score);
}

// Ends the process with 0 where bf16 is refused on a processor that knows AVX2 at the most.
[[noreturn]] void ask_an_older_processor() {
  setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
  setenv("DNNL_MAX_CPU_ISA", "AVX2", 1);
  try {
    const Predictor predictor(Model::load(source("models/paper.safetensors")), 1, Precision::bf16);
  } catch (const Error& error) {
    std::fputs(error.what(), stderr);
    std::exit(error.code() == ErrorCode::unsupported ? 0 : 2);
  }
  std::exit(1);
}

TEST(Bf16, IsRefusedWhereTheProcessorLacksIt) {
  // The process is started anew, since oneDNN looks at the processor once.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ask_an_older_processor(), ::testing::ExitedWithCode(0), "no instructions for it");
}

}  // namespace
}  // namespace facet::detail
