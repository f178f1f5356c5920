#include "localise/edgeboxes/edge_map.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace facet {
namespace {

constexpr double kBlur = 1.0;        // standard deviation, pixels
constexpr float kFaintest = 4;       // grey levels a pixel: less is noise of the camera or of JPEG
constexpr float kFullShare = 0.25F;  // of the edges that have full strength

struct Gradient {
  cv::Mat x;
  cv::Mat y;
  cv::Mat size;
};

Gradient gradient_of(const Image& photo) {
  const cv::Mat colour(photo.height, photo.width, CV_8UC3,
                       const_cast<std::uint8_t*>(photo.pixels.data()));
  cv::Mat grey;
  cv::cvtColor(colour, grey, cv::COLOR_RGB2GRAY);
  grey.convertTo(grey, CV_32F);
  cv::GaussianBlur(grey, grey, cv::Size(), kBlur);
  constexpr double per_pixel = 1.0 / 8;
  Gradient gradient;
  cv::Sobel(grey, gradient.x, CV_32F, 1, 0, 3, per_pixel);
  cv::Sobel(grey, gradient.y, CV_32F, 0, 1, 3, per_pixel);
  cv::magnitude(gradient.x, gradient.y, gradient.size);
  return gradient;
}

float at(const cv::Mat& values, float x, float y) {
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const float across = x - static_cast<float>(left);
  const float down = y - static_cast<float>(top);
  const float* upper = values.ptr<float>(top) + left;
  const float* lower = values.ptr<float>(top + (down > 0 ? 1 : 0)) + left;
  const int right = across > 0 ? 1 : 0;
  return std::lerp(std::lerp(upper[0], upper[right], across),
                   std::lerp(lower[0], lower[right], across), down);
}

// No neighbour across the edge is stronger; of a plateau of two the first counts.
bool is_ridge(const Gradient& gradient, int x, int y, float size) {
  const float dx = gradient.x.at<float>(y, x) / size;
  const float dy = gradient.y.at<float>(y, x) / size;
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
      const float size = gradient.size.at<float>(y, x);
      if (border || size < kFaintest || !is_ridge(gradient, x, y, size)) continue;
      map.strength[i] = size;
      map.direction[i] = direction_of(gradient.x.at<float>(y, x), gradient.y.at<float>(y, x));
    }
  }
  keep_strongest(map.strength);
  return map;
}

}  // namespace facet
