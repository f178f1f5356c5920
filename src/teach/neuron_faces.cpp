// SPDX-License-Identifier: Apache-2.0
#include "teach/neuron_faces.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

void put_mean(Image& sheet, int place, int columns, std::span<const Image> faces,
              std::span<const std::size_t> which) {
  const int left = place % columns * kMeanFaceSide;
  const int top = place / columns * kMeanFaceSide;
  const std::size_t row = static_cast<std::size_t>(kMeanFaceSide) * 3;
  for (int y = 0; y < kMeanFaceSide; ++y) {
    std::vector<double> sums(row, 0.0);
    for (const std::size_t i : which) {
      const std::uint8_t* from = faces[i].row(y);
      for (std::size_t k = 0; k < row; ++k) sums[k] += from[k];
    }
    std::uint8_t* to = sheet.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3;
    for (std::size_t k = 0; k < row; ++k) {
      to[k] = static_cast<std::uint8_t>(std::lround(sums[k] / static_cast<double>(which.size())));
    }
  }
}

}  // namespace

Image mean_faces(std::span<const Image> faces, std::span<const float> features, std::size_t neurons,
                 std::span<const int> people, int columns) {
  std::map<int, std::vector<std::size_t>> photos_of;
  for (std::size_t i = 0; i < people.size(); ++i) photos_of[people[i]].push_back(i);
  if (photos_of.size() < kFewestFacePeople) {
    throw Error(ErrorCode::invalid_argument, "photos of " + std::to_string(photos_of.size()) +
                                                 " people; mean faces need those of " +
                                                 std::to_string(kFewestFacePeople));
  }
  const int rows = static_cast<int>(neurons) / columns + 1;
  Image sheet(columns * kMeanFaceSide, rows * kMeanFaceSide);
  for (std::size_t n = 0; n < neurons; ++n) {
    const auto response = [&](std::size_t photo) { return features[photo * neurons + n]; };
    std::vector<std::size_t> best;  // a photo of each person
    for (const auto& [person, photos] : photos_of) {
      best.push_back(*std::max_element(photos.begin(), photos.end(),
                                       [&](auto a, auto b) { return response(a) < response(b); }));
    }
    std::stable_sort(best.begin(), best.end(),
                     [&](auto a, auto b) { return response(a) > response(b); });
    best.resize(std::min(best.size(), kMeanFacePeople));
    put_mean(sheet, static_cast<int>(n), columns, faces, best);
  }
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < faces.size(); ++i) all.push_back(i);
  put_mean(sheet, static_cast<int>(neurons), columns, faces, all);
  return sheet;
}

}  // namespace facet::detail
