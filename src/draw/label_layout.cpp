// SPDX-License-Identifier: Apache-2.0
#include "draw/label_layout.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace facet::detail {
namespace {

// What hiding all of a face costs, where showing all rows gains 1.
constexpr double cost_of_other_face = 6;
constexpr double cost_of_own_face = 1.5;
// Prefers the earlier of places that are equally good.
constexpr double cost_of_later_place = 0.004;

cv::Size panel_size(const LabelRequest& request, std::size_t rows, const LabelStyle& style) {
  const int width = *std::max_element(
      request.row_widths.begin(), request.row_widths.begin() + static_cast<std::ptrdiff_t>(rows));
  return {width + 2 * style.padding, static_cast<int>(rows) * style.row_height + 2 * style.padding};
}

// Corners beside the face, the most natural first; all are moved into the picture.
std::vector<cv::Point> places(const cv::Rect& face, cv::Size panel, cv::Size canvas, int gap) {
  const int right = face.x + face.width + gap;
  const int left = face.x - panel.width - gap;
  const int below = face.y + face.height + gap;
  const int above = face.y - panel.height - gap;
  const int top = face.y;
  const int bottom = face.y + face.height - panel.height;
  const int centre_x = face.x + (face.width - panel.width) / 2;
  const int centre_y = face.y + (face.height - panel.height) / 2;
  std::vector<cv::Point> result = {
      {right, top},   {left, top},       {right, centre_y}, {left, centre_y},  {right, bottom},
      {left, bottom}, {centre_x, below}, {face.x, below},   {centre_x, above}, {face.x, above},
      {right, below}, {left, below},     {right, above},    {left, above}};
  for (cv::Point& corner : result) {
    corner.x = std::clamp(corner.x, gap, std::max(gap, canvas.width - panel.width - gap));
    corner.y = std::clamp(corner.y, gap, std::max(gap, canvas.height - panel.height - gap));
  }
  return result;
}

double hidden_share(const cv::Rect& face, const cv::Rect& panel) {
  return face.empty() ? 0 : static_cast<double>((face & panel).area()) / face.area();
}

// How good a panel is there; nothing where another panel is in the way.
std::optional<double> gain(const cv::Rect& panel, std::size_t rows, std::size_t self,
                           const std::vector<LabelRequest>& requests,
                           const std::vector<LabelPanel>& placed) {
  for (const LabelPanel& other : placed) {
    if (!(other.area & panel).empty()) return std::nullopt;
  }
  double result = static_cast<double>(rows) / static_cast<double>(requests[self].row_widths.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    result -=
        hidden_share(requests[i].face, panel) * (i == self ? cost_of_own_face : cost_of_other_face);
  }
  return result;
}

LabelPanel best_panel(std::size_t self, cv::Size canvas, const std::vector<LabelRequest>& requests,
                      const LabelStyle& style, const std::vector<LabelPanel>& placed) {
  const LabelRequest& request = requests[self];
  LabelPanel best;
  double best_gain = 0;
  for (std::size_t rows = request.row_widths.size(); rows > 0; --rows) {
    const cv::Size size = panel_size(request, rows, style);
    if (size.width > canvas.width || size.height > canvas.height) continue;
    double later = 0;
    for (const cv::Point& corner : places(request.face, size, canvas, style.gap)) {
      const cv::Rect area = cv::Rect(corner, size) & cv::Rect({0, 0}, canvas);
      later += cost_of_later_place;
      if (area.size() != size) continue;
      const std::optional<double> value = gain(area, rows, self, requests, placed);
      if (value && *value - later > best_gain) {
        best_gain = *value - later;
        best = {area, rows};
      }
    }
  }
  return best;
}

}  // namespace

std::vector<LabelPanel> place_labels(cv::Size canvas, const std::vector<LabelRequest>& requests,
                                     const LabelStyle& style) {
  std::vector<LabelPanel> placed;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    placed.push_back(best_panel(i, canvas, requests, style, placed));
  }
  return placed;
}

}  // namespace facet::detail
