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

// The scale's map over the whole canvas; cell (0, 0) covers `cell` × `cell` photo pixels.
cv::Mat spread(const ScaleMap& scale, double cell, cv::Size canvas, double zoom) {
  const cv::Mat cells(scale.height, scale.width, CV_32F,
                      const_cast<float*>(scale.evidence.data()));  // only read
  // Canvas pixel centre (x + ½) / zoom lies in cell ((x + ½) / zoom) / cell - ½.
  const double step = 1 / (zoom * cell);
  const double shift = step / 2 - 0.5;
  const cv::Matx23d to_cells(step, 0, shift, 0, step, shift);
  cv::Mat result;
  cv::warpAffine(cells, result, to_cells, canvas, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  return result;
}

}  // namespace

HeatMap merge_scales(std::span<const ScaleMap> scales, int stride, int photo_width,
                     int photo_height, int longest_side) {
  const double zoom =
      std::min(1.0, static_cast<double>(longest_side) / std::max({1, photo_width, photo_height}));
  const cv::Size canvas(std::max(1, static_cast<int>(std::lround(photo_width * zoom))),
                        std::max(1, static_cast<int>(std::lround(photo_height * zoom))));
  cv::Mat merged = cv::Mat::zeros(canvas, CV_32F);
  for (const ScaleMap& scale : scales) {
    if (scale.evidence.empty()) continue;
    cv::max(merged, spread(scale, stride / static_cast<double>(scale.scale), canvas, zoom), merged);
  }
  HeatMap result{canvas.height, canvas.width, {}};
  result.values.assign(merged.ptr<float>(), merged.ptr<float>() + merged.total());
  return result;
}

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
