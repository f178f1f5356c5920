// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/number_text.hpp"
#include "draw/label_layout.hpp"
#include "draw/label_text.hpp"
#include "facet/draw.hpp"

namespace facet {

using namespace detail;

namespace {

constexpr double smallest_side = 640;  // photos are enlarged to this short side, …
constexpr double roomy_face = 110;     // … or until several small faces have room for labels, …
constexpr double longest_side = 2400;  // … but never beyond this long side
constexpr int smallest_row = 16;
constexpr double rows_in_picture = 40;  // short side in rows of text

struct Line {
  std::string name;
  std::string probability;
};

// How many attributes of a face are listed: the more faces, the less room each has.
std::size_t most_rows(std::size_t faces) {
  if (faces == 1) return 16;
  if (faces <= 3) return 10;
  return faces <= 8 ? 7 : 5;
}

double enlargement(const Image& photo, const std::vector<Face>& faces) {
  const double short_side = std::min(photo.width, photo.height);
  const double long_side = std::max(photo.width, photo.height);
  double factor = smallest_side / short_side;
  if (faces.size() > 1) {
    std::vector<float> heights;
    heights.reserve(faces.size());
    for (const Face& face : faces) heights.push_back(face.box.height);
    std::nth_element(heights.begin(), heights.begin() + heights.size() / 2, heights.end());
    const double typical = std::max(1.0F, heights[heights.size() / 2]);
    factor = std::max(factor, roomy_face / typical);
  }
  return std::max(1.0, std::min(factor, longest_side / long_side));
}

cv::Mat enlarged(const Image& photo, double factor) {
  // The pixels are only read; OpenCV has no view of constant memory.
  const cv::Mat view(photo.height, photo.width, CV_8UC3,
                     const_cast<std::uint8_t*>(photo.pixels.data()));
  if (factor <= 1) return view.clone();
  const cv::Size size(std::max(1, static_cast<int>(std::lround(photo.width * factor))),
                      std::max(1, static_cast<int>(std::lround(photo.height * factor))));
  cv::Mat result;
  cv::resize(view, result, size, 0, 0, cv::INTER_CUBIC);
  return result;
}

// Bright hues far apart, in turn; red, green, blue.
cv::Scalar face_colour(std::size_t index) {
  static const std::array<cv::Scalar, 8> colours = {
      cv::Scalar(80, 220, 130),  cv::Scalar(90, 190, 255),  cv::Scalar(255, 190, 70),
      cv::Scalar(255, 120, 150), cv::Scalar(200, 150, 255), cv::Scalar(120, 235, 225),
      cv::Scalar(240, 230, 90),  cv::Scalar(255, 150, 90)};
  return colours[index % colours.size()];
}

std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::vector<Line> attribute_lines(const Face& face, std::size_t most) {
  std::vector<const Attribute*> order;
  for (const Attribute& attribute : face.attributes) {
    if (attribute.present) order.push_back(&attribute);
  }
  std::stable_sort(order.begin(), order.end(), [](const Attribute* a, const Attribute* b) {
    return a->probability > b->probability;
  });
  if (order.size() > most) order.resize(most);
  std::vector<Line> lines;
  lines.reserve(order.size());
  for (const Attribute* attribute : order) {
    lines.push_back({spoken(attribute->name), fixed_text(attribute->probability * 100, 0) + "%"});
  }
  return lines;
}

cv::Rect scaled_box(const Box& box, double factor, cv::Size canvas) {
  const auto pixel = [factor](float value) {
    return static_cast<int>(std::lround(value * factor));
  };
  const cv::Rect rect(cv::Point(pixel(box.x), pixel(box.y)),
                      cv::Point(pixel(box.x + box.width), pixel(box.y + box.height)));
  return rect & cv::Rect({0, 0}, canvas);
}

// A frame inside the rectangle, so that it never leaves the picture.
void draw_frame(cv::Mat& canvas, const cv::Rect& box, int thickness, const cv::Scalar& colour) {
  const int t = std::min({thickness, std::max(1, box.width / 2), std::max(1, box.height / 2)});
  const cv::Rect all({0, 0}, canvas.size());
  for (const cv::Rect& side :
       {cv::Rect(box.x, box.y, box.width, t), cv::Rect(box.x, box.y + box.height - t, box.width, t),
        cv::Rect(box.x, box.y, t, box.height),
        cv::Rect(box.x + box.width - t, box.y, t, box.height)}) {
    const cv::Rect visible = side & all;
    if (!visible.empty()) canvas(visible).setTo(colour);
  }
}

// A dark rim keeps the coloured frame visible on a bright photo.
void draw_box(cv::Mat& canvas, const cv::Rect& box, int thickness, const cv::Scalar& colour) {
  const int rim = std::max(1, thickness / 2);
  draw_frame(canvas, cv::Rect(box.x - rim, box.y - rim, box.width + 2 * rim, box.height + 2 * rim),
             rim, {25, 25, 25});
  draw_frame(canvas, box, thickness, colour);
}

void draw_panel(cv::Mat& canvas, const LabelPanel& panel, const std::vector<Line>& lines,
                const LabelStyle& style, const cv::Scalar& colour) {
  shade(canvas, panel.area, {18, 20, 24}, 0.68);
  const int stripe = std::max(2, style.row_height / 7);
  shade(canvas, {panel.area.tl(), cv::Size(stripe, panel.area.height)}, colour, 1);
  int y = panel.area.y + style.padding;
  for (std::size_t i = 0; i < panel.rows; ++i, y += style.row_height) {
    draw_text(canvas, lines[i].name, {panel.area.x + style.padding + stripe, y}, style.row_height,
              {250, 250, 250});
    const int width = text_width(lines[i].probability, style.row_height);
    draw_text(canvas, lines[i].probability,
              {panel.area.x + panel.area.width - style.padding - width, y}, style.row_height,
              colour);
  }
}

LabelStyle label_style(cv::Size canvas) {
  LabelStyle style;
  style.row_height = std::max(
      smallest_row,
      static_cast<int>(std::lround(std::min(canvas.width, canvas.height) / rows_in_picture)));
  style.padding = std::max(3, style.row_height / 3);
  style.gap = std::max(3, style.row_height / 4);
  return style;
}

}  // namespace

Image annotate(const Image& photo, const PhotoResult& result) {
  if (photo.empty()) return photo;
  const double factor = enlargement(photo, result.faces);
  cv::Mat canvas = enlarged(photo, factor);
  LabelStyle style = label_style(canvas.size());
  // Crowds are read close up: their text need not grow with the picture.
  if (result.faces.size() > 3) style = label_style(canvas.size() / 2);

  std::vector<std::vector<Line>> lines;
  std::vector<LabelRequest> requests;
  for (const Face& face : result.faces) {
    lines.push_back(attribute_lines(face, most_rows(result.faces.size())));
    LabelRequest request{scaled_box(face.box, factor, canvas.size()), {}};
    for (const Line& line : lines.back()) {
      request.row_widths.push_back(text_width(line.name, style.row_height) +
                                   text_width(line.probability, style.row_height) +
                                   style.row_height);
    }
    requests.push_back(std::move(request));
  }
  const std::vector<LabelPanel> panels = place_labels(canvas.size(), requests, style);
  const int thickness = std::max(2, style.row_height / 8);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const cv::Scalar colour =
        result.faces[i].below_threshold ? cv::Scalar(170, 170, 170) : face_colour(i);
    draw_box(canvas, requests[i].face, thickness, colour);
  }
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const cv::Scalar colour =
        result.faces[i].below_threshold ? cv::Scalar(170, 170, 170) : face_colour(i);
    if (panels[i].rows > 0) draw_panel(canvas, panels[i], lines[i], style, colour);
  }

  Image drawn(canvas.cols, canvas.rows);
  std::copy(canvas.datastart, canvas.dataend, drawn.pixels.begin());
  return drawn;
}

}  // namespace facet
