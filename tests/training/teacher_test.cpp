// SPDX-License-Identifier: Apache-2.0
// A teacher of another house: its file, heads on its features, and what ANet learns of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "cross_fit.hpp"
#include "face_res.hpp"
#include "facet/error.hpp"
#include "imitation_source.hpp"
#include "small_packs.hpp"
#include "tfjs_weights.hpp"

namespace facet::training {
using namespace detail;
namespace {

using testing::HasSubstr;

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// A graph of two tensors: 2×2 numbers at half precision and one integer, in `bytes`.
std::filesystem::path write_graph(const SmallPacks& packs, const std::string& shape,
                                  const std::string& bytes, const std::string& type = "float16") {
  const auto path = packs.folder() / "graph.json";
  std::ofstream(path) << R"({"weightsManifest": [{"paths": ["elsewhere/graph.bin"], "weights": [
    {"name": "a", "shape": )"
                      << shape << R"(, "dtype": "float32", "quantization": {"dtype": ")" << type
                      << R"(", "original_dtype": "float32"}},
    {"name": "b", "shape": [1], "dtype": "int32"}]}]})";
  std::ofstream(packs.folder() / "graph.bin", std::ios::binary) << bytes;
  return path;
}

// 1, 2, -1, 0.5 at half precision, then an integer.
const std::string kBytes("\x00\x3c\x00\x40\x00\xbc\x00\x38\x07\x00\x00\x00", 12);

TEST(TfjsWeights, ReadsHalfPrecisionAndLeavesIntegersOut) {
  const SmallPacks packs;
  const auto tensors = read_tfjs_weights(write_graph(packs, "[2, 2]", kBytes));
  ASSERT_EQ(tensors.size(), 1U);
  EXPECT_TRUE(tensors.at("a").equal(torch::tensor({{1.0F, 2.0F}, {-1.0F, 0.5F}})));
}

TEST(TfjsWeights, NamesTheFileAndTheTensorThatIsWrong) {
  const SmallPacks packs;
  EXPECT_THAT(error_of([&] { read_tfjs_weights(write_graph(packs, "[2, 3]", kBytes)); }),
              HasSubstr("graph.bin"));
  EXPECT_THAT(error_of([&] { read_tfjs_weights(write_graph(packs, "[2, 2]", kBytes + "x")); }),
              HasSubstr("goes on behind it"));
  EXPECT_THAT(error_of([&] { read_tfjs_weights(write_graph(packs, "[2, -2]", kBytes)); }),
              HasSubstr("shape is out of range"));
  EXPECT_THAT(error_of([&] { read_tfjs_weights(write_graph(packs, "[2, 2]", kBytes, "uint8")); }),
              HasSubstr("quantised to 'uint8'"));
  EXPECT_THAT(error_of([&] { read_tfjs_weights(packs.folder() / "none.json"); }),
              HasSubstr("none.json"));
  EXPECT_THAT(error_of([&] { FaceRes(write_graph(packs, "[2, 2]", kBytes)); }),
              HasSubstr("has no tensor 'conv1/convolution/merged_input'"));
}

// Two features; the first says the label, but for noise, the second nothing.
CrossFitRows simple_rows(std::int64_t count, float noise = 0) {
  torch::manual_seed(3);
  CrossFitRows rows;
  rows.features = torch::randn({count, 2});
  rows.labels =
      (rows.features.slice(1, 0, 1) + noise * torch::randn({count, 1})).gt(0).to(torch::kFloat32);
  for (std::int64_t i = 0; i < count; ++i) rows.folds.push_back(static_cast<int>(i % 4));
  return rows;
}

TEST(CrossFit, FindsTheFeatureThatDecides) {
  CrossFitRows rows = simple_rows(800);
  for (std::size_t i = 700; i < 800; ++i) rows.folds[i] = i < 750 ? kChoosing : kAsked;
  CrossFitSettings settings;
  settings.folds = 4;
  const CrossFit fit = cross_fit(rows, settings);
  EXPECT_GT(fit.accuracy.at(0), 95);
  const auto right = fit.probabilities.gt(0.5).eq(rows.labels.gt(0.5)).to(torch::kFloat32);
  EXPECT_GT(right.slice(0, 0, 700).mean().item<float>(), 0.95F);
  EXPECT_GT(right.slice(0, 750, 800).mean().item<float>(), 0.9F);  // nobody said their label
}

TEST(CrossFit, AnAnswerDoesNotDependOnThePersonsOwnLabels) {
  CrossFitRows rows = simple_rows(400, 0.7F);
  CrossFitSettings settings;
  settings.folds = 4;
  settings.penalties = {0.1F};
  const auto scores = [&] { return cross_fit(rows, settings).probabilities.select(1, 0).clone(); };
  const auto before = scores();
  for (std::int64_t i = 0; i < 40; i += 4) rows.labels[i] = 1 - rows.labels[i];  // of fold 0
  const auto after = scores();
  // Calibration and the labels' mean see everybody and shift the fold's answers together; what
  // tells its photos apart was learnt from the others.
  const auto changed = [&](int fold) {
    const auto rows_of_fold = torch::arange(fold, 400, 4);
    const auto a = torch::logit(before.index_select(0, rows_of_fold));
    const auto b = torch::logit(after.index_select(0, rows_of_fold));
    return 1 - torch::corrcoef(torch::stack({a, b}))[0][1].item<float>();
  };
  EXPECT_LT(changed(0), 1e-5);
  EXPECT_GT(changed(1), 10 * changed(0));
}

TEST(CrossFit, RefusesAFoldWithoutPeople) {
  CrossFitRows rows = simple_rows(40);
  CrossFitSettings settings;
  settings.folds = 5;
  EXPECT_THAT(error_of([&] { cross_fit(rows, settings); }), HasSubstr("fold 4 of 5"));
}

TEST(LogisticCurve, FindsTheCurveThatMadeTheLabels) {
  torch::manual_seed(1);
  const auto scores = torch::randn({20000}) * 2;
  const auto labels = torch::rand({20000}).lt(torch::sigmoid(1.5 * scores - 0.7)).to(torch::kFloat);
  const LogisticCurve curve = fit_logistic_curve(scores, labels);
  EXPECT_NEAR(curve.slope, 1.5, 0.08);
  EXPECT_NEAR(curve.offset, -0.7, 0.06);
  // Unknown labels say nothing.
  const auto more = torch::cat({labels, torch::full({5000}, -1.0F)});
  const auto with_unknown = fit_logistic_curve(torch::cat({scores, torch::randn({5000})}), more);
  EXPECT_NEAR(with_unknown.slope, curve.slope, 1e-4);
}

TEST(Imitation, TargetsAreTheTeachersFeaturesOfThePhotoShown) {
  const SmallPacks packs;
  packs.add("p", 6, 32, "11");
  auto pack = std::make_shared<Pack>(read_pack(packs.folder(), "p", 2, -1, 1));
  std::vector<std::string> names;
  std::vector<float> values;
  for (std::size_t i = 0; i < 4; ++i) {  // two photos were not described
    names.push_back(pack->photos[i].name);
    values.push_back(static_cast<float>(i));
    values.push_back(7);
  }
  const auto path = packs.out() / "p.features.safetensors";
  write_kept_features(path, names, 2, values);
  const KeptFeatures kept = read_kept_features(path);
  EXPECT_EQ(kept.find(pack->photos[5].name), nullptr);
  const float* second = kept.find(names[1]);
  ASSERT_NE(second, nullptr);
  EXPECT_NEAR(second[0], (1 - 1.5) / std::sqrt(1.25), 1e-3);  // of unit variance
  EXPECT_EQ(second[1], 0);                                    // never changes
  FaceSettings settings;
  settings.crop.patch_side = settings.crop.region_side = 16;
  const ImitationSource source({{FacePack{pack, {}, {16, 16, 16}}, kept}}, 5, settings);
  EXPECT_EQ(source.epoch_size(), 4);
  EXPECT_EQ(source.outputs(), 2);
  const Batch batch = source.draw(0, 8);
  std::vector<float> seen;
  for (int i = 0; i < 8; ++i) seen.push_back(batch.targets[i][0].item<float>());
  std::sort(seen.begin(), seen.end());
  EXPECT_NEAR(seen.front(), -1.5 / std::sqrt(1.25), 1e-3);
  EXPECT_NEAR(seen.back(), 1.5 / std::sqrt(1.25), 1e-3);
  EXPECT_NEAR(seen[0], seen[1], 1e-6);  // twice each: two epochs
}

}  // namespace
}  // namespace facet::training
