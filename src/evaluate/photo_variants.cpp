// SPDX-License-Identifier: Apache-2.0
#include "evaluate/photo_variants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "evaluate/named_random.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

enum class Edge { none, low, high };

// Left and top are low, right and bottom high.
constexpr std::array<std::pair<Edge, Edge>, 8> edges_and_corners = {{{Edge::low, Edge::none},
                                                                     {Edge::high, Edge::none},
                                                                     {Edge::none, Edge::low},
                                                                     {Edge::none, Edge::high},
                                                                     {Edge::low, Edge::low},
                                                                     {Edge::low, Edge::high},
                                                                     {Edge::high, Edge::low},
                                                                     {Edge::high, Edge::high}}};

// [begin, end) of the window along one axis, whole pixels.
std::pair<double, double> cut_axis(Edge edge, double start, double extent, double limit,
                                   double side, NamedRandom& random) {
  const double end = start + extent;
  const double beyond = random.between(-0.05, 0.15) * extent;
  const double place = random.unit();
  // Rounding towards the face's inside would cut more of small faces than promised.
  if (edge == Edge::low) {
    const double from = std::clamp(std::floor(start + beyond), 0.0, limit - 1);
    return {from, std::clamp(std::ceil(from + side), from + 1, limit)};
  }
  if (edge == Edge::high) {
    const double to = std::clamp(std::ceil(end - beyond), 1.0, limit);
    return {std::clamp(std::floor(to - side), 0.0, to - 1), to};
  }
  const double room = std::max(side, extent);
  const double least = std::max(0.0, end - room);
  const double most = std::max(least, std::min(start, limit - room));
  const double from = std::floor(least + (most - least) * place);
  return {from, std::clamp(std::ceil(from + room), from + 1, limit)};
}

void check_listed(const ListedPhoto& photo, const std::string& name) {
  if (photo.boxes.empty() || !(photo.boxes.front().area() > 0)) {
    throw Error(ErrorCode::invalid_argument, name + ": no face is listed");
  }
}

}  // namespace

Box edge_window(const Box& face, int photo_width, int photo_height, const std::string& name) {
  NamedRandom random("edge window 1", name);
  const auto [across, down] = edges_and_corners.at(random.below(edges_and_corners.size()));
  const double side = random.between(1.3, 1.8) * face.height;
  const auto [left, right] = cut_axis(across, face.x, face.width, photo_width, side, random);
  const auto [top, bottom] = cut_axis(down, face.y, face.height, photo_height, side, random);
  return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right - left),
          static_cast<float>(bottom - top)};
}

ListedPhoto cut_edge_window(const ListedPhoto& photo, const std::string& name) {
  check_listed(photo, name);
  const Box window = edge_window(photo.boxes.front(), photo.image.width, photo.image.height, name);
  ListedPhoto result;
  result.image = resample(photo.image, window, static_cast<int>(window.width),
                          static_cast<int>(window.height));
  for (const Box& box : photo.boxes) {
    const Box moved = clip({box.x - window.x, box.y - window.y, box.width, box.height},
                           window.width, window.height);
    if (moved.area() > 0) result.boxes.push_back(moved);
  }
  return result;
}

Placement place_off_centre(const Box& face, int photo_width, int photo_height, int scene_width,
                           int scene_height, const std::string& name, const FaceHeights& heights) {
  NamedRandom random("into a scene 1", name);
  const double wanted = random.between_ratios(heights.least, heights.most) / face.height;
  const double scale =
      std::min({wanted, 0.9 * scene_width / face.width, 0.9 * scene_height / face.height});
  Placement placement;
  placement.width = std::max(1, static_cast<int>(std::lround(photo_width * scale)));
  placement.height = std::max(1, static_cast<int>(std::lround(photo_height * scale)));
  const double scale_x = static_cast<double>(placement.width) / photo_width;
  const double scale_y = static_cast<double>(placement.height) / photo_height;
  const double half_width = scale_x * face.width / 2;
  const double half_height = scale_y * face.height / 2;

  constexpr int tries = 64;
  constexpr double least_offset = 0.15;
  double x = half_width;  // at the left edge, should no try succeed
  double y = scene_height / 2.0;
  for (int i = 0; i < tries; ++i) {
    const double at_x = random.between(half_width, scene_width - half_width);
    const double at_y = random.between(half_height, scene_height - half_height);
    if (std::abs(at_x / scene_width - 0.5) >= least_offset ||
        std::abs(at_y / scene_height - 0.5) >= least_offset) {
      x = at_x;
      y = at_y;
      break;
    }
  }
  placement.left = static_cast<int>(std::lround(x - scale_x * face.centre_x()));
  placement.top = static_cast<int>(std::lround(y - scale_y * face.centre_y()));
  return placement;
}

ListedPhoto place_into_scene(const ListedPhoto& photo, const Image& scene, const std::string& name,
                             const FaceHeights& heights) {
  check_listed(photo, name);
  const Placement at = place_off_centre(photo.boxes.front(), photo.image.width, photo.image.height,
                                        scene.width, scene.height, name, heights);
  const Image scaled = resize(photo.image, at.width, at.height);
  ListedPhoto result;
  result.image = scene;
  const int left = std::max(0, at.left);
  const int right = std::min(scene.width, at.left + at.width);
  for (int y = std::max(0, at.top); y < std::min(scene.height, at.top + at.height); ++y) {
    std::memcpy(result.image.row(y) + static_cast<std::ptrdiff_t>(left) * 3,
                scaled.row(y - at.top) + static_cast<std::ptrdiff_t>(left - at.left) * 3,
                static_cast<std::size_t>(std::max(0, right - left)) * 3);
  }
  const float scale_x = static_cast<float>(at.width) / static_cast<float>(photo.image.width);
  const float scale_y = static_cast<float>(at.height) / static_cast<float>(photo.image.height);
  for (const Box& box : photo.boxes) {
    const Box moved = clip(
        {box.x * scale_x + static_cast<float>(at.left),
         box.y * scale_y + static_cast<float>(at.top), box.width * scale_x, box.height * scale_y},
        static_cast<float>(scene.width), static_cast<float>(scene.height));
    if (moved.area() > 0) result.boxes.push_back(moved);
  }
  return result;
}

}  // namespace facet::detail
