// SPDX-License-Identifier: Apache-2.0
// One pass over all overlapping patches gives what each patch gives by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/thread_limit.hpp"
#include "describe/one_pass/one_pass_runner.hpp"
#include "describe/one_pass_networks.hpp"
#include "facet/error.hpp"

namespace facet::detail::testing {
namespace {

using ::testing::HasSubstr;

FeatureMap patch_by_patch(const Network& network, const FeatureMap& regions, const PatchGrid& grid,
                          std::size_t last) {
  NetworkRunner runner(network);
  runner.set_input(cut_maps(regions, grid));
  return runner.run(last);
}

class RandomOnePass : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomOnePass, EqualsPatchByPatch) {
  const ThreadLimit one_thread(1);  // on a busy machine threads wait for each other
  RandomSource random(GetParam());
  const OnePassCase one = random_case(random);
  const Network network(one.spec, random_weights(one.spec, random));
  OnePassRunner runner(network);
  const std::size_t last = one.spec.layers.size() - 1;
  const auto any_layer = static_cast<std::size_t>(random.integer(0, static_cast<int>(last)));
  // The second time round, plans are those that are cached.
  for (int round = 0; round < 2; ++round) {
    const FeatureMap regions = random_map(one.regions, one.region_height, one.region_width,
                                          one.spec.layers.front().in_channels, random);
    runner.set_input(regions);
    for (const std::size_t layer : {last, any_layer}) {
      SCOPED_TRACE("seed " + std::to_string(GetParam()) + ", round " + std::to_string(round) +
                   ", layer " + one.spec.layers[layer].name);
      expect_equal_patches(runner.run(one.grid, layer),
                           patch_by_patch(network, regions, one.grid, layer));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomOnePass, ::testing::Range(1U, 81U));

TEST(OnePass, EqualsPatchByPatchForThePapersNetworkAndEveryOffset) {
  const ThreadLimit one_thread(1);
  RandomSource random(7);
  const NetworkSpec spec = paper_anet(8, 16, 16, 16, 32);
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network);
  const FeatureMap regions = random_map(2, 104, 108, 3, random);
  runner.set_input(regions);
  const PatchGrid grid{88, even_offsets(5, 4), even_offsets(6, 4)};
  for (std::size_t layer = 0; layer < spec.layers.size(); ++layer) {
    SCOPED_TRACE(spec.layers[layer].name);
    expect_equal_patches(runner.run(grid, layer), patch_by_patch(network, regions, grid, layer));
  }
}

TEST(OnePass, ServesNetworksWithoutLocallySharedLayers) {
  RandomSource random(8);
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 8, 3, 2), max_pool("P1", 8, 2, 2), convolution("C2", 8, 8, 3),
                 convolution("FC", 8, 20, 5)};
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network);
  const FeatureMap regions = random_map(1, 40, 44, 3, random);
  runner.set_input(regions);
  const PatchGrid grid{31, {8, 0}, {0, 4, 12}};
  expect_equal_patches(runner.run(grid, 3), patch_by_patch(network, regions, grid, 3));
}

TEST(OnePass, TakesPhotosAsTheNetworkDoes) {
  RandomSource random(9);
  NetworkSpec spec = paper_anet(4, 8, 8, 8, 8);
  spec.mean = 100;
  spec.scale = 0.25F;
  const Network network(spec, random_weights(spec, random));
  std::vector<Image> regions(2, Image(92, 88));
  for (Image& region : regions) {
    for (auto& value : region.pixels) value = static_cast<std::uint8_t>(random.integer(0, 255));
  }
  FeatureMap normalised;
  normalised.resize(2, 88, 92, 3);
  auto target = normalised.values.begin();
  for (const Image& region : regions) {
    for (const auto value : region.pixels) *target++ = (static_cast<float>(value) - 100) * 0.25F;
  }
  const PatchGrid grid{88, {0}, {0, 4}};
  OnePassRunner runner(network);
  runner.set_input(regions);
  expect_equal_patches(runner.run(grid, 6), patch_by_patch(network, normalised, grid, 6));
}

TEST(OnePass, IsTheSameForAnyNumberOfThreads) {
  RandomSource random(10);
  const NetworkSpec spec = paper_anet(8, 16, 16, 16, 32);
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network);
  runner.set_input(random_map(2, 104, 104, 3, random));
  const PatchGrid grid{88, even_offsets(3, 8), even_offsets(5, 4)};
  std::vector<float> alone;
  for (const int threads : {1, 2, 3}) {
    const ThreadLimit limit(threads);
    const std::vector<float> values = runner.run(grid, 6).values;
    if (alone.empty()) alone = values;
    EXPECT_TRUE(values == alone) << threads << " threads";
  }
}

TEST(OnePass, IsNearPatchByPatchAtBf16AndTheSameForAnyNumberOfThreads) {
  if (!processor_has_bf16()) GTEST_SKIP() << "this processor has no instructions for bf16";
  RandomSource random(14);
  const NetworkSpec spec = paper_anet(8, 16, 16, 16, 32);
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network, Precision::bf16);
  const FeatureMap regions = random_map(2, 104, 104, 3, random);
  runner.set_input(regions);
  const PatchGrid grid{88, even_offsets(3, 8), even_offsets(5, 4)};
  for (std::size_t layer = 0; layer < spec.layers.size(); ++layer) {
    SCOPED_TRACE(spec.layers[layer].name);
    std::vector<float> alone;
    for (const int threads : {1, 2, 3}) {
      const ThreadLimit limit(threads);
      const FeatureMap& patches = runner.run(grid, layer);
      if (alone.empty()) alone = patches.values;
      EXPECT_TRUE(patches.values == alone) << threads << " threads";
    }
    expect_equal_patches(runner.run(grid, layer), patch_by_patch(network, regions, grid, layer),
                         0.03F);
  }
}

// What the runner says to a grid on one region of 104 × 96 pixels.
std::string refusal(const NetworkSpec& spec, const PatchGrid& grid, std::size_t last = 6) {
  RandomSource random(11);
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network);
  runner.set_input(random_map(1, 104, 96, 3, random));
  try {
    runner.run(grid, last);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.what();
  }
  return "no refusal";
}

TEST(OnePass, RefusesOffsetsBetweenThePlacesOfTheSharedMap) {
  const NetworkSpec spec = paper_anet(2, 2, 2, 2, 2);
  EXPECT_EQ(refusal(spec, {88, {0, 4}, {0, 8}}), "no refusal");
  EXPECT_THAT(refusal(spec, {88, {0, 6}, {0, 8}}),
              HasSubstr("vertical offset 6 is not a multiple of 4"));
  EXPECT_THAT(refusal(spec, {88, {0}, {1}}),
              HasSubstr("horizontal offset 1 is not a multiple of 4"));
  // The map of C1 alone has stride 2.
  EXPECT_EQ(refusal(spec, {88, {0, 6}, {0, 8}}, 1), "no refusal");
}

TEST(OnePass, RefusesPatchesOutsideTheRegion) {
  const NetworkSpec spec = paper_anet(2, 2, 2, 2, 2);
  EXPECT_THAT(refusal(spec, {88, {0, 20}, {0}}),
              HasSubstr("vertical offset 20 does not fit a patch of 88 in a region of 104"));
  EXPECT_THAT(refusal(spec, {88, {16}, {12}}), HasSubstr("horizontal offset 12 does not fit"));
  EXPECT_THAT(refusal(spec, {88, {-4}, {0}}), HasSubstr("vertical offset -4 does not fit"));
  EXPECT_THAT(refusal(spec, {88, {}, {0}}), HasSubstr("no vertical offsets"));
}

TEST(OnePass, RefusesPaddedLayersAndPatchesThatNoLayerTakes) {
  NetworkSpec spec = paper_anet(2, 2, 2, 2, 2);
  EXPECT_THAT(refusal(spec, {84, {0}, {0}}), HasSubstr("does not divide into 3 cells"));
  EXPECT_THAT(refusal(spec, {0, {0}, {0}}), HasSubstr("it is empty"));
  EXPECT_THAT(refusal(spec, {88, {0}, {0}}, 7), HasSubstr("there is no layer 7"));
  spec.layers[1].padding = 1;
  EXPECT_THAT(refusal(spec, {88, {0}, {0}}), HasSubstr("layer C2 is padded"));
  EXPECT_EQ(refusal(spec, {88, {0}, {0}}, 0), "no refusal");
}

TEST(OnePass, RefusesSeveralDepths) {
  NetworkSpec spec = paper_anet(2, 2, 2, 2, 2);
  spec.layers.push_back(depths_layer("depths", spec.layers, {"C1"}));
  const std::size_t last = spec.layers.size() - 1;
  EXPECT_THAT(refusal(spec, {88, {0}, {0}}, last),
              HasSubstr("layer depths reads each patch's maps"));
  EXPECT_EQ(refusal(spec, {88, {0}, {0}}, last - 1), "no refusal");
}

TEST(OnePass, RefusesShortcutsBehindTheSharedMapOnly) {
  NetworkSpec spec = paper_anet(2, 2, 2, 2, 2);
  spec.layers.insert(spec.layers.begin() + 2, convolution("C2b", 2, 2, 1));
  spec.layers[2].add = "C2";
  EXPECT_EQ(refusal(spec, {88, {0}, {0}}, 7), "no refusal");
  spec.layers.push_back(convolution("FC2", 2, 2, 1));
  spec.layers[8].add = "FC";
  EXPECT_THAT(refusal(spec, {88, {0}, {0}}, 8), HasSubstr("layer FC2 adds the map of FC"));
}

TEST(OnePass, ServesShortcutsInFrontOfTheSharedMap) {
  RandomSource random(13);
  NetworkSpec spec = paper_anet(4, 8, 8, 8, 8);
  spec.layers.insert(spec.layers.begin() + 2, convolution("C2b", 8, 8, 1));
  spec.layers[2].add = "C2";
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network);
  const FeatureMap regions = random_map(1, 96, 88, 3, random);
  runner.set_input(regions);
  const PatchGrid grid{88, {0, 8}, {0}};
  expect_equal_patches(runner.run(grid, 7), patch_by_patch(network, regions, grid, 7));
}

TEST(OnePass, NeedsRegions) {
  RandomSource random(12);
  const NetworkSpec spec = paper_anet(2, 2, 2, 2, 2);
  const Network network(spec, random_weights(spec, random));
  OnePassRunner runner(network);
  EXPECT_THROW(runner.run({88, {0}, {0}}, 6), Error);
  EXPECT_THROW(runner.set_input(std::vector<Image>{}), Error);
  EXPECT_THROW(runner.run({88, {0}, {0}}, 6), Error);
}

}  // namespace
}  // namespace facet::detail::testing
