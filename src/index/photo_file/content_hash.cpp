// SPDX-License-Identifier: Apache-2.0
#include "index/photo_file/content_hash.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/sha256.hpp"

namespace facet::detail {
namespace {

std::uint8_t hex_value(char c) {
  return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

// Mean brightness in [x0, x1) × [y0, y1): of all pixels, or of a grid of them where they are many.
double brightness(const Image& photo, int x0, int x1, int y0, int y1) {
  constexpr std::array<double, 3> weights = {0.299, 0.587, 0.114};
  constexpr int most_across = 64;
  const int step_x = std::max(1, (x1 - x0) / most_across);
  const int step_y = std::max(1, (y1 - y0) / most_across);
  std::array<std::uint64_t, 3> sums{};
  std::uint64_t count = 0;
  for (int y = y0; y < y1; y += step_y) {
    const std::uint8_t* row = photo.row(y);
    for (int x = x0; x < x1; x += step_x, ++count) {
      const std::uint8_t* pixel = row + static_cast<std::ptrdiff_t>(x) * 3;
      for (std::size_t c = 0; c < 3; ++c) sums.at(c) += pixel[c];
    }
  }
  double sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += weights.at(c) * static_cast<double>(sums.at(c));
  return sum / static_cast<double>(count);
}

}  // namespace

ContentHash content_hash(std::span<const std::byte> bytes) {
  Sha256 sha;
  sha.update(bytes);
  const std::string hex = sha.finish();
  ContentHash content{};
  for (std::size_t i = 0; i < content.size(); ++i) {
    content.at(i) =
        static_cast<std::uint8_t>(hex_value(hex[2 * i]) << 4U | hex_value(hex[2 * i + 1]));
  }
  return content;
}

std::uint64_t difference_hash(const Image& photo) {
  constexpr int across = 9;
  constexpr int down = 8;
  const auto edge = [](int field, int fields, int side) {
    return static_cast<int>(std::int64_t{field} * side / fields);
  };
  std::uint64_t hash = 0;
  for (int j = 0; j < down; ++j) {
    const int y0 = edge(j, down, photo.height);
    const int y1 = std::max(y0 + 1, edge(j + 1, down, photo.height));
    double before = 0;
    for (int i = 0; i < across; ++i) {
      const int x0 = edge(i, across, photo.width);
      const int x1 = std::max(x0 + 1, edge(i + 1, across, photo.width));
      const double here = brightness(photo, x0, x1, y0, y1);
      if (i > 0) hash = hash << 1U | (here > before ? 1U : 0U);
      before = here;
    }
  }
  return hash;
}

int look_distance(std::uint64_t a, std::uint64_t b) {
  return std::popcount(a ^ b);
}

}  // namespace facet::detail
