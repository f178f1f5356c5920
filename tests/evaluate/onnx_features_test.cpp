// SPDX-License-Identifier: Apache-2.0
// Features of networks that are none of facet's.
#include "evaluate/onnx/onnx_features.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "evaluate/fake_data.hpp"
#include "evaluate/frechet_protocol.hpp"
#include "export/network_graph.hpp"
#include "export/onnx_graph.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"
#include "network/example_networks.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

constexpr int kSide = 16;

// Its features are the means of red, green and blue.
void write_means(const fake::Folder& folder, const OnnxSide& side) {
  OnnxGraph graph("means");
  graph.add_input("photo", {std::int64_t{1}, std::int64_t{3}, side, side});
  graph.add_output("means", {std::int64_t{1}, std::int64_t{3}, std::int64_t{1}, std::int64_t{1}});
  graph.add_node("GlobalAveragePool", {"photo"}, "means");
  folder.text("means.onnx", graph.model({}));
}

void write_grey(const fake::Folder& folder, const std::string& name, int grey) {
  Image photo(24, 20);
  std::fill(photo.pixels.begin(), photo.pixels.end(), static_cast<std::uint8_t>(grey));
  fake::write_photo(folder, name, photo);
}

FrechetOptions options_for(const fake::Folder& folder) {
  FrechetOptions options;
  options.first = folder.path() / "a";
  options.second = folder.path() / "b";
  options.onnx = OnnxRequestedFeatures{folder.path() / "means.onnx"};
  return options;
}

std::string message_of(const OnnxRequestedFeatures& request,
                       const std::vector<std::filesystem::path>& places = onnx_engine_places()) {
  try {
    OnnxFeatures features(request, places);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(OnnxFeatures, OfAnExportedNetworkAreThoseOfFacet) {
  const fake::Folder folder;
  testing::RandomSource random(3);
  const NetworkSpec spec = testing::lnet_spec(4);
  const WeightMap weights = testing::random_weights(spec, random);
  folder.text("net.onnx", network_to_onnx({spec, weights}, {"net", {"tags"}, 64, 1, {}}));
  Image photo(90, 70);
  for (std::size_t i = 0; i < photo.pixels.size(); ++i) {
    photo.pixels[i] = static_cast<std::uint8_t>(i * 37 % 251);
  }
  // Ours takes 0…255.
  OnnxRequestedFeatures request{folder.path() / "net.onnx"};
  request.deviation = {1.0F / 255, 1.0F / 255, 1.0F / 255};
  OnnxFeatures features(request);
  EXPECT_EQ(features.output(), "tags");
  const std::vector<float> theirs = features.of(photo);
  const Network network(spec, weights);
  NetworkRunner runner(network);
  const std::vector<Image> fed = {resize(photo, 64, 64)};
  runner.set_input(fed);
  const FeatureMap& ours = runner.run(spec.layers.size() - 1);
  ASSERT_EQ(theirs.size(), static_cast<std::size_t>(ours.channels * ours.height * ours.width));
  std::size_t i = 0;
  for (int c = 0; c < ours.channels; ++c) {
    for (int y = 0; y < ours.height; ++y) {
      for (int x = 0; x < ours.width; ++x) EXPECT_NEAR(theirs[i++], ours.at(0, y, x)[c], 1e-3);
    }
  }
}

TEST(OnnxFeatures, AreFedAsAskedFor) {
  const fake::Folder folder;
  write_means(folder, std::int64_t{kSide});
  OnnxRequestedFeatures request{folder.path() / "means.onnx"};
  request.mean = {0.5F, 0.4F, 0.3F};
  request.deviation = {0.5F, 0.25F, 0.1F};
  Image photo(8, 8);
  for (std::size_t i = 0; i < photo.pixels.size(); i += 3) {
    photo.pixels[i] = 255;     // red 1
    photo.pixels[i + 1] = 51;  // green 0.2
  }
  const std::vector<float> means = OnnxFeatures(request).of(photo);
  ASSERT_EQ(means.size(), 3U);
  EXPECT_NEAR(means[0], 1, 1e-5);
  EXPECT_NEAR(means[1], -0.8, 1e-5);
  EXPECT_NEAR(means[2], -3, 1e-5);
}

// Greys of two normal distributions along one line, mean and spread known: 3 (d² + (s - t)²), three
// times for three equal features.
TEST(FrechetProtocol, OfTwoKnownGaussiansInAnOnnxModelsFeatures) {
  const fake::Folder folder;
  write_means(folder, std::int64_t{kSide});
  int i = 0;
  for (const int grey : {60, 80, 100, 120})
    write_grey(folder, "a/" + std::to_string(i++) + ".png", grey);
  for (const int grey : {40, 80, 120, 160})
    write_grey(folder, "b/" + std::to_string(i++) + ".png", grey);
  const double spread = std::sqrt((30.0 * 30 + 10 * 10) * 2 / 3);  // of a; b's is twice as large
  const double expected = 3 * (10.0 * 10 + spread * spread) / (255.0 * 255);
  const FrechetReport report = measure_frechet(options_for(folder));
  EXPECT_EQ(report.features, 3U);
  EXPECT_NEAR(report.distance, expected, 1e-5);
  const std::string text = evaluate_frechet(options_for(folder)).text;
  EXPECT_THAT(text, HasSubstr("output means of means.onnx by OpenCV"));
  EXPECT_THAT(text, HasSubstr("whole photos at 16×16"));
  EXPECT_THAT(text, HasSubstr("no FID"));
}

TEST(OnnxFeatures, SayWhatIsMissingInOneLine) {
  const fake::Folder folder;
  write_means(folder, std::int64_t{kSide});
  const OnnxRequestedFeatures request{folder.path() / "means.onnx"};
  const std::string message = message_of(request, {folder.path() / "libnone.so"});
  EXPECT_THAT(message, HasSubstr("libopencv-dnn"));
  EXPECT_THAT(message, HasSubstr("facet-plugins"));
  EXPECT_EQ(message.find('\n'), std::string::npos);
  OnnxRequestedFeatures other = request;
  other.output = "logits";
  EXPECT_THAT(message_of(other), HasSubstr("no output logits; there are means"));
  other = request;
  other.side = 32;
  EXPECT_THAT(message_of(other), HasSubstr("16 pixels a side, not 32"));
  folder.text("none.onnx", "no model");
  EXPECT_THAT(message_of({folder.path() / "none.onnx"}), HasSubstr("is no ONNX model"));
}

TEST(OnnxFeatures, OfAModelForAnySizeNeedOne) {
  const fake::Folder folder;
  write_means(folder, std::string("side"));
  OnnxRequestedFeatures request{folder.path() / "means.onnx"};
  EXPECT_THAT(message_of(request), HasSubstr("--side"));
  request.side = 12;
  EXPECT_EQ(OnnxFeatures(request).width(), 12);
}

}  // namespace
}  // namespace facet::detail
