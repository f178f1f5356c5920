// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/edgeboxes/density_peaks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace facet::detail {
namespace {

constexpr float kOwnFace = 0.5F;  // sides from the next denser window: nearer is the same face

float side(const Box& window) {
  return std::max(window.width, window.height);
}

float distance(const Box& a, const Box& b) {
  return std::hypot(a.centre_x() - b.centre_x(), a.centre_y() - b.centre_y()) /
         std::max(side(a), side(b));
}

std::vector<std::size_t> densest_first(std::span<const DensePlace> places) {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return places[a].density > places[b].density;
  });
  return order;
}

}  // namespace

std::vector<float> distances_to_denser(std::span<const DensePlace> places) {
  std::vector<float> distances(places.size(), 0.0F);
  if (places.empty()) return distances;
  const std::vector<std::size_t> order = densest_first(places);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Box& window = places[order[i]].window;
    float nearest = distance(window, places[order[0]].window);
    for (std::size_t j = 1; j < i; ++j) {
      nearest = std::min(nearest, distance(window, places[order[j]].window));
    }
    distances[order[i]] = nearest;
  }
  distances[order[0]] = std::max(1.0F, *std::max_element(distances.begin(), distances.end()));
  return distances;
}

std::vector<std::size_t> density_peaks(std::span<const DensePlace> places) {
  const std::vector<float> distances = distances_to_denser(places);
  const std::vector<std::size_t> order = densest_first(places);
  std::vector<std::size_t> peaks;
  if (order.empty()) return peaks;
  const float highest = places[order[0]].density;
  const float extreme = std::hypot(1.0F, kOwnFace);
  for (const std::size_t i : order) {
    const float density = highest > 0 ? std::max(0.0F, places[i].density / highest) : 0;
    if (i == order[0] || std::hypot(density, distances[i]) > extreme) peaks.push_back(i);
  }
  return peaks;
}

}  // namespace facet::detail
