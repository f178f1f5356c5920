// SPDX-License-Identifier: Apache-2.0
// Another engine computes what facet computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/dnn.hpp>

#include "export/network_graph.hpp"
#include "network/example_networks.hpp"

namespace facet::detail::testing {
namespace {

std::vector<Image> random_photos(int count, int height, int width, RandomSource& random) {
  std::vector<Image> photos;
  for (int i = 0; i < count; ++i) {
    photos.emplace_back(width, height);
    for (std::uint8_t& value : photos.back().pixels) {
      value = static_cast<std::uint8_t>(random.integer(0, 255));
    }
  }
  return photos;
}

// N×3×H×W, 0…255.
cv::Mat to_blob(const std::vector<Image>& photos) {
  const int sides[] = {static_cast<int>(photos.size()), 3, photos[0].height, photos[0].width};
  cv::Mat blob(4, sides, CV_32F);
  float* value = blob.ptr<float>();
  for (const Image& photo : photos) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t i = channel; i < photo.pixels.size(); i += 3) *value++ = photo.pixels[i];
    }
  }
  return blob;
}

void expect_equal(const FeatureMap& ours, const cv::Mat& theirs) {
  ASSERT_EQ(theirs.dims, 4);
  ASSERT_EQ(theirs.size[0], ours.count);
  ASSERT_EQ(theirs.size[1], ours.channels);
  ASSERT_EQ(theirs.size[2], ours.height);
  ASSERT_EQ(theirs.size[3], ours.width);
  float apart = 0;
  float largest = 0;
  for (int n = 0; n < ours.count; ++n) {
    for (int c = 0; c < ours.channels; ++c) {
      for (int y = 0; y < ours.height; ++y) {
        for (int x = 0; x < ours.width; ++x) {
          const int place[] = {n, c, y, x};
          apart = std::max(apart, std::abs(ours.at(n, y, x)[c] - theirs.at<float>(place)));
          largest = std::max(largest, std::abs(ours.at(n, y, x)[c]));
        }
      }
    }
  }
  EXPECT_GT(largest, 0.01F);  // else there is nothing to compare
  EXPECT_LE(apart, 1e-4F);
}

struct Photos {
  int count = 1;
  int height = 32;
  int width = 32;
};

void expect_same_answers(const NetworkSpec& spec, int input_side,
                         const std::vector<Photos>& batches) {
  RandomSource random(7);
  const WeightMap weights = random_weights(spec, random);
  const std::string& last = spec.layers.back().name;
  const std::string bytes = network_to_onnx({spec, weights}, {"net", {last}, input_side, 0, {}});
  const Network network(spec, weights);
  NetworkRunner runner(network);
  cv::dnn::Net net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  for (const Photos& one : batches) {
    const auto photos = random_photos(one.count, one.height, one.width, random);
    runner.set_input(photos);
    net.setInput(to_blob(photos));
    expect_equal(runner.run(spec.layers.size() - 1), net.forward());
  }
}

TEST(ExportedNetwork, LNetAnswersAlikeAtAnySize) {
  expect_same_answers(lnet_spec(8), 0, {{1, 64, 48}, {2, 64, 48}, {1, 40, 96}});
}

TEST(ExportedNetwork, ANetAnswersAlikeInAnyBatch) {
  expect_same_answers(anet_spec(8), 88, {{1, 88, 88}, {3, 88, 88}});
}

TEST(ExportedNetwork, SeveralDepthsAnswerAlike) {
  expect_same_answers(depths_spec(8), 20, {{1, 20, 20}, {3, 20, 20}});
}

TEST(ExportedNetwork, ShortcutsAnswerAlike) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 6, 3, 2, 1), convolution("C2", 6, 6, 3, 1, 1),
                 convolution("C3", 6, 6, 3, 1, 1), convolution("C4", 6, 5, 1, 1, 0, false)};
  spec.layers[2].add = "C1";
  expect_same_answers(spec, 0, {{2, 33, 48}});
}

TEST(ExportedNetwork, PoolingAnswersAlike) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 6, 3), max_pool("P1", 6, 3, 2, 1), max_pool("P2", 6, 2, 2),
                 max_pool("P3", 6, 3, 2)};
  spec.layers.back().kind = LayerKind::average_pool;
  expect_same_answers(spec, 0, {{2, 50, 41}});
}

}  // namespace
}  // namespace facet::detail::testing
