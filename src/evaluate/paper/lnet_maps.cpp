// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/lnet_maps.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "dataset/dataset.hpp"
#include "evaluate/paper/picture_grid.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"
#include "localise/lnet.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kFewestPeople = 50;

Image mean_image(const std::vector<Image>& images) {
  if (images.size() < kFewestPeople) return {};
  std::vector<double> sum(images.front().pixels.size());
  for (const Image& image : images) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += image.pixels[i];
  }
  Image mean(images.front().width, images.front().height);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    mean.pixels[i] =
        static_cast<std::uint8_t>(std::lround(sum[i] / static_cast<double>(images.size())));
  }
  return mean;
}

}  // namespace

FaceSquares face_squares(const PaperSet& set, std::size_t people, double context, int face_height) {
  FaceSquares squares;
  std::set<std::size_t> seen;
  const int side = static_cast<int>(std::lround(context * face_height));
  for (std::size_t i = 0; i < set.size() && seen.size() < people; ++i) {
    const EvaluationPhoto& photo = set.photos.photos[i];
    if (photo.boxes.empty() || !seen.insert(set.person_of[i]).second) continue;
    const Box& box = photo.boxes.front();
    const float wide = static_cast<float>(context) * box.height;
    squares.images.push_back(
        resample(prepare(photo).image,
                 {box.centre_x() - wide / 2, box.centre_y() - wide / 2, wide, wide}, side, side));
  }
  squares.mean = mean_image(squares.images);
  return squares;
}

std::vector<Image> scene_squares(const std::filesystem::path& data, std::size_t count, int side) {
  std::vector<Image> squares;
  for (const auto& file : scenes(data / "scenes", ScenePart::measure)) {
    if (squares.size() == count) break;
    const Image scene = read_image(file);
    const auto wide = static_cast<float>(std::min(scene.width, scene.height)) * 0.6F;
    squares.push_back(resample(scene,
                               {(static_cast<float>(scene.width) - wide) / 2,
                                (static_cast<float>(scene.height) - wide) / 2, wide, wide},
                               side, side));
  }
  return squares;
}

std::vector<SquareMap> square_maps(const Network& network, const std::string& tags_layer,
                                   const std::vector<Image>& squares, const CellValue& value) {
  LNet lnet(network, tags_layer);
  std::vector<SquareMap> maps;
  for (const Image& square : squares) {
    CellMap map = lnet.run({&square, 1}, value).front();
    maps.push_back({map.width, std::move(map.values)});
  }
  return maps;
}

SquareMap mean_of(const std::vector<SquareMap>& maps) {
  SquareMap mean;
  for (const SquareMap& map : maps) {
    mean.side = map.side;
    mean.values.resize(map.values.size());
    for (std::size_t i = 0; i < map.values.size(); ++i) {
      mean.values[i] += map.values[i] / static_cast<float>(maps.size());
    }
  }
  return mean;
}

Image drawn(const SquareMap& map, const Image& ground, int side) {
  if (map.values.empty()) return {};
  const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
  const float span = std::max(1e-12F, *high - *low);
  Image heat(map.side, map.side);
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    heat_colour((map.values[i] - *low) / span, heat.pixels.data() + 3 * i);
  }
  Image large = resize(heat, side, side);
  if (ground.empty()) return large;
  const Image below = resize(ground, side, side);
  for (std::size_t i = 0; i < large.pixels.size(); i += 3) {
    const int grey =
        (below.pixels[i] * 30 + below.pixels[i + 1] * 59 + below.pixels[i + 2] * 11) / 100;
    for (std::size_t c = 0; c < 3; ++c) {
      large.pixels[i + c] = static_cast<std::uint8_t>((grey + large.pixels[i + c]) / 2);
    }
  }
  return large;
}

}  // namespace facet::detail
