// SPDX-License-Identifier: Apache-2.0
#include "describe/close_up.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "describe/describer.hpp"
#include "image/photo_decoder.hpp"
#include "image/turned_square.hpp"

namespace facet::detail {
namespace {

bool too_small(const FacePose& pose, const PatchSettings& settings) {
  return settings.region_scale * pose.height < static_cast<float>(settings.region_side);
}

FacePose in_full_photo(const FacePose& pose, const ReducedFrom& from) {
  const auto scale = static_cast<float>(from.reduce);
  return {pose.centre_x * scale + static_cast<float>(from.offset_x),
          pose.centre_y * scale + static_cast<float>(from.offset_y), pose.height * scale,
          pose.angle};
}

// The pixels that a cut of the square reads.
PixelRect pixels_around(const TurnedSquare& square, int cut_side) {
  constexpr int interpolation = 3;  // pixels more on every side, of the cut or the photo
  const float pixel = std::max(1.0F, square.side / static_cast<float>(cut_side));
  const float reach =
      square.side / 2 * (std::abs(std::cos(square.angle)) + std::abs(std::sin(square.angle))) +
      interpolation * pixel;
  const int left = static_cast<int>(std::floor(square.centre_x - reach));
  const int top = static_cast<int>(std::floor(square.centre_y - reach));
  return {left, top, static_cast<int>(std::ceil(square.centre_x + reach)) - left,
          static_cast<int>(std::ceil(square.centre_y + reach)) - top};
}

}  // namespace

std::vector<CloseUp> close_ups(std::span<const FaceInPhoto> faces, std::span<const FacePose> poses,
                               const PatchSettings& settings) {
  std::vector<CloseUp> result(faces.size());
  std::vector<std::size_t> which;
  std::vector<PixelRect> places;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    result[i].pose = poses[i];
    const ReducedFrom* from = faces[i].reduced_from;
    if (from == nullptr || from->reduce == 1 || !too_small(poses[i], settings)) continue;
    result[i].pose = in_full_photo(poses[i], *from);
    places.push_back(pixels_around(face_region(result[i].pose, settings), settings.region_side));
    which.push_back(i);
  }
  if (which.empty()) return result;
  std::vector<Image> images = faces[which.front()].reduced_from->file->regions(places);
  for (std::size_t i = 0; i < which.size(); ++i) {
    CloseUp& face = result[which[i]];
    if (images[i].empty()) {  // its pixels lie outside the photo: its border is all there is
      face.pose = poses[which[i]];
      continue;
    }
    face.image = std::move(images[i]);
    // What lies outside the photo was left off.
    face.pose.centre_x -= static_cast<float>(std::max(places[i].x, 0));
    face.pose.centre_y -= static_cast<float>(std::max(places[i].y, 0));
  }
  return result;
}

}  // namespace facet::detail
