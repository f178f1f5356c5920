// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/edge_map.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace facet::detail {
namespace {

constexpr double kBlur = 1.0;        // standard deviation, pixels
constexpr float kFaintest = 4;       // grey levels a pixel: less is noise of the camera or of JPEG
constexpr float kFullShare = 0.25F;  // of the edges that have full strength

struct Plane {
  int width = 0;
  int height = 0;
  std::vector<float> values;  // row-major

  [[nodiscard]] const float* row(int y) const {
    return values.data() + static_cast<std::ptrdiff_t>(y) * width;
  }
  [[nodiscard]] float at(int y, int x) const { return row(y)[x]; }
};

struct Gradient {
  Plane x;
  Plane y;
  Plane size;
};

// Places outside repeat those inside, as a mirror at the border pixel shows them.
int mirrored(int place, int side) {
  while (place < 0 || place >= side) place = place < 0 ? -place : 2 * (side - 1) - place;
  return place;
}

// Each value becomes the kernel's sum over it and those beside it in its row.
Plane filter_rows(const Plane& plane, const std::vector<float>& kernel) {
  const int reach = static_cast<int>(kernel.size() / 2);
  Plane result{plane.width, plane.height, std::vector<float>(plane.values.size())};
  std::vector<float> padded(static_cast<std::size_t>(plane.width + 2 * reach));
  for (int y = 0; y < plane.height; ++y) {
    const float* from = plane.row(y);
    for (int x = -reach; x < plane.width + reach; ++x) {
      padded[static_cast<std::size_t>(x + reach)] = from[mirrored(x, plane.width)];
    }
    float* to = result.values.data() + static_cast<std::ptrdiff_t>(y) * plane.width;
    for (std::size_t k = 0; k < kernel.size(); ++k) {
      for (int x = 0; x < plane.width; ++x)
        to[x] += kernel[k] * padded[k + static_cast<std::size_t>(x)];
    }
  }
  return result;
}

// The same in its column.
Plane filter_columns(const Plane& plane, const std::vector<float>& kernel) {
  const int reach = static_cast<int>(kernel.size() / 2);
  Plane result{plane.width, plane.height, std::vector<float>(plane.values.size())};
  for (int y = 0; y < plane.height; ++y) {
    float* to = result.values.data() + static_cast<std::ptrdiff_t>(y) * plane.width;
    for (int k = -reach; k <= reach; ++k) {
      const float* from = plane.row(mirrored(y + k, plane.height));
      const float weight = kernel[static_cast<std::size_t>(k + reach)];
      for (int x = 0; x < plane.width; ++x) to[x] += weight * from[x];
    }
  }
  return result;
}

Plane grey_of(const Image& photo) {
  Plane grey{photo.width, photo.height, {}};
  grey.values.reserve(photo.pixels.size() / 3);
  for (std::size_t i = 0; i + 2 < photo.pixels.size(); i += 3) {
    // 0.299, 0.587 and 0.114 in parts of 2^15, to whole levels of grey.
    const int value =
        9798 * photo.pixels[i] + 19235 * photo.pixels[i + 1] + 3735 * photo.pixels[i + 2];
    grey.values.push_back(static_cast<float>((value + (1 << 14)) >> 15));
  }
  return grey;
}

std::vector<float> gaussian() {
  constexpr int reach = 4;
  std::vector<float> kernel;
  double sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    kernel.push_back(static_cast<float>(std::exp(-0.5 * i * i / (kBlur * kBlur))));
    sum += kernel.back();
  }
  for (float& weight : kernel) weight = static_cast<float>(weight / sum);
  return kernel;
}

Gradient gradient_of(const Image& photo) {
  const std::vector<float> blur = gaussian();
  const Plane grey = filter_columns(filter_rows(grey_of(photo), blur), blur);
  const std::vector<float> slope = {-0.5F, 0, 0.5F};
  const std::vector<float> smooth = {0.25F, 0.5F, 0.25F};
  Gradient gradient{filter_columns(filter_rows(grey, slope), smooth),
                    filter_columns(filter_rows(grey, smooth), slope), grey};
  for (std::size_t i = 0; i < grey.values.size(); ++i) {
    gradient.size.values[i] = std::sqrt(gradient.x.values[i] * gradient.x.values[i] +
                                        gradient.y.values[i] * gradient.y.values[i]);
  }
  return gradient;
}

float at(const Plane& values, float x, float y) {
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const float across = x - static_cast<float>(left);
  const float down = y - static_cast<float>(top);
  const float* upper = values.row(top) + left;
  const float* lower = values.row(top + (down > 0 ? 1 : 0)) + left;
  const int right = across > 0 ? 1 : 0;
  return std::lerp(std::lerp(upper[0], upper[right], across),
                   std::lerp(lower[0], lower[right], across), down);
}

// No neighbour across the edge is stronger; of a plateau of two the first counts.
bool is_ridge(const Gradient& gradient, int x, int y, float size) {
  const float dx = gradient.x.at(y, x) / size;
  const float dy = gradient.y.at(y, x) / size;
  const float before = at(gradient.size, static_cast<float>(x) - dx, static_cast<float>(y) - dy);
  const float after = at(gradient.size, static_cast<float>(x) + dx, static_cast<float>(y) + dy);
  return size > before && size >= after;
}

float direction_of(float dx, float dy) {
  constexpr float pi = std::numbers::pi_v<float>;
  const float angle = std::atan2(dy, dx);
  const float half_turn = angle < 0 ? angle + pi : angle;
  return half_turn < pi ? half_turn : 0;
}

// The `rank`-th largest of the values, counted from 0.
float ranked(std::vector<float> values, std::size_t rank) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), place, values.end(), std::greater<>());
  return *place;
}

// Leaves the strongest and scales them to 0…1.
void keep_strongest(std::vector<float>& strength) {
  std::vector<float> edges;
  std::copy_if(strength.begin(), strength.end(), std::back_inserter(edges),
               [](float value) { return value > 0; });
  if (edges.empty()) return;
  const auto most = static_cast<std::size_t>(kMostEdgePixels * static_cast<float>(strength.size()));
  const float weakest = edges.size() > most ? ranked(edges, most) : 0;
  const std::size_t kept = std::min(edges.size(), most);
  const float full = std::max(
      weakest, ranked(edges, static_cast<std::size_t>(kFullShare * static_cast<float>(kept))));
  for (float& value : strength) value = value > weakest ? std::min(1.0F, value / full) : 0;
}

}  // namespace

EdgeMap find_edges(const Image& photo) {
  EdgeMap map;
  map.width = photo.width;
  map.height = photo.height;
  map.strength.resize(photo.pixels.size() / 3);
  map.direction.resize(map.strength.size());
  if (photo.width < 3 || photo.height < 3) return map;
  const Gradient gradient = gradient_of(photo);
  std::size_t i = 0;
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x, ++i) {
      const bool border = x == 0 || y == 0 || x + 1 == photo.width || y + 1 == photo.height;
      const float size = gradient.size.at(y, x);
      if (border || size < kFaintest || !is_ridge(gradient, x, y, size)) continue;
      map.strength[i] = size;
      map.direction[i] = direction_of(gradient.x.at(y, x), gradient.y.at(y, x));
    }
  }
  keep_strongest(map.strength);
  return map;
}

}  // namespace facet::detail
