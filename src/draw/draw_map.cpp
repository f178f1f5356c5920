// SPDX-License-Identifier: Apache-2.0
#include "draw/draw_map.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace facet::detail {
namespace {

constexpr float photo_brightness = 0.75F;  // of the grey photo, so that colours stand out
constexpr float heat_opacity = 0.8F;       // of the hottest colour

// 256 colours from dark violet to pale yellow; red, green, blue.
std::vector<cv::Vec3b> heat_colours() {
  cv::Mat ramp(1, 256, CV_8U);
  for (int i = 0; i < 256; ++i) ramp.at<std::uint8_t>(0, i) = static_cast<std::uint8_t>(i);
  cv::Mat colours;
  cv::applyColorMap(ramp, colours, cv::COLORMAP_INFERNO);
  std::vector<cv::Vec3b> result;
  for (int i = 0; i < 256; ++i) {
    const auto& bgr = colours.at<cv::Vec3b>(0, i);
    result.emplace_back(bgr[2], bgr[1], bgr[0]);
  }
  return result;
}

}  // namespace

Image draw_map(const Image& photo, const HeatMap& map, float low, float high) {
  if (photo.empty() || map.values.empty()) return photo;
  const cv::Mat small(map.height, map.width, CV_32F, const_cast<float*>(map.values.data()));
  cv::Mat heat;
  cv::resize(small, heat, {photo.width, photo.height}, 0, 0, cv::INTER_LINEAR);
  const std::vector<cv::Vec3b> colours = heat_colours();
  const float range = std::max(high - low, 1e-6F);
  Image drawn(photo.width, photo.height);
  for (int y = 0; y < photo.height; ++y) {
    const std::uint8_t* from = photo.row(y);
    std::uint8_t* to = drawn.row(y);
    const auto* row = heat.ptr<float>(y);
    for (int x = 0; x < photo.width; ++x, from += 3, to += 3) {
      const float value = std::clamp((row[x] - low) / range, 0.0F, 1.0F);
      const float opacity = heat_opacity * std::sqrt(value);
      const cv::Vec3b& colour = colours[static_cast<std::size_t>(std::lround(value * 255))];
      const float grey = 0.299F * from[0] + 0.587F * from[1] + 0.114F * from[2];
      for (int c = 0; c < 3; ++c) {
        const float base = photo_brightness * (0.35F * from[c] + 0.65F * grey);
        to[c] = cv::saturate_cast<std::uint8_t>(base + (colour[c] - base) * opacity);
      }
    }
  }
  return drawn;
}

}  // namespace facet::detail
