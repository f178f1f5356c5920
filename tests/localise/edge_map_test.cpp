// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/edge_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numbers>
#include <string>

#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

using testing::flat_photo;
using testing::noise_photo;

Image sample(const std::string& name) {
  return read_image(std::filesystem::path(FACET_SOURCE_DIR) / "samples" / name);
}

float edge_share(const EdgeMap& map) {
  const auto edges = std::count_if(map.strength.begin(), map.strength.end(),
                                   [](float value) { return value > 0; });
  return static_cast<float>(edges) / static_cast<float>(map.strength.size());
}

// Edge pixels of which a whole block of 2×2 is one, as a share of all edge pixels.
float thick_share(const EdgeMap& map) {
  const auto at = [&](int x, int y) {
    return map.strength[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                        static_cast<std::size_t>(x)] > 0;
  };
  int thick = 0;
  int edges = 0;
  for (int y = 0; y + 1 < map.height; ++y) {
    for (int x = 0; x + 1 < map.width; ++x) {
      if (!at(x, y)) continue;
      ++edges;
      if (at(x + 1, y) && at(x, y + 1) && at(x + 1, y + 1)) ++thick;
    }
  }
  return edges > 0 ? static_cast<float>(thick) / static_cast<float>(edges) : 0.0F;
}

TEST(EdgeMap, IsThinAndSparseOnPhotos) {
  for (const char* name : {"astronaut.png", "chelsea.png", "coffee.png", "solvay_1927.jpg"}) {
    const EdgeMap map = find_edges(sample(name));
    EXPECT_LT(edge_share(map), 0.1F) << name;
    EXPECT_GT(edge_share(map), 0.02F) << name;
    EXPECT_LT(thick_share(map), 0.03F) << name;
    for (std::size_t i = 0; i < map.strength.size(); ++i) {
      ASSERT_GE(map.strength[i], 0);
      ASSERT_LE(map.strength[i], 1);
      ASSERT_GE(map.direction[i], 0);
      ASSERT_LT(map.direction[i], std::numbers::pi_v<float>);
    }
  }
}

TEST(EdgeMap, LaysOnePixelAcrossAnEdgeAndKnowsItsDirection) {
  Image photo = flat_photo(60, 60, 40);
  for (int y = 20; y < 60; ++y) {
    std::fill_n(photo.row(y) + 3 * 20, 3 * 40, std::uint8_t{200});
  }
  const EdgeMap map = find_edges(photo);
  const auto edges_of_row = [&](int y) {
    return std::count_if(map.strength.begin() + y * 60, map.strength.begin() + (y + 1) * 60,
                         [](float value) { return value > 0; });
  };
  for (int y = 25; y < 59; ++y) {
    ASSERT_EQ(edges_of_row(y), 1) << y;
    const auto x =
        std::max_element(map.strength.begin() + y * 60, map.strength.begin() + (y + 1) * 60) -
        (map.strength.begin() + y * 60);
    EXPECT_NEAR(static_cast<double>(x), 19.5, 0.6);
    EXPECT_NEAR(map.direction[static_cast<std::size_t>(y * 60 + x)], 0, 0.05);
  }
  int below = 0;
  for (int y = 0; y < 60; ++y) {
    const auto i = static_cast<std::size_t>(y * 60 + 45);
    if (map.strength[i] == 0) continue;
    ++below;
    EXPECT_NEAR(map.direction[i], std::numbers::pi_v<float> / 2, 0.05);
  }
  EXPECT_EQ(below, 1);
}

TEST(EdgeMap, IsEmptyOnFlatPhotosAndSparseOnNoise) {
  EXPECT_EQ(edge_share(find_edges(flat_photo(50, 40, 90))), 0);
  EXPECT_EQ(edge_share(find_edges(flat_photo(2, 2, 90))), 0);
  EXPECT_LT(edge_share(find_edges(noise_photo(200, 150, 3))), 0.1F);
}

}  // namespace
}  // namespace facet::detail
