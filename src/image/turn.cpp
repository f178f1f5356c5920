// SPDX-License-Identifier: Apache-2.0
#include "image/turn.hpp"

#include <string>

#include "facet/error.hpp"
#include "image/exif_orientation.hpp"

namespace facet::detail {
namespace {

void check_quarters(int degrees) {
  if (degrees < 0 || degrees > 270 || degrees % 90 != 0) {
    throw Error(ErrorCode::invalid_argument, "a photo cannot be turned by " +
                                                 std::to_string(degrees) +
                                                 " degrees, only by 0, 90, 180 or 270");
  }
}

}  // namespace

Image turn_clockwise(const Image& photo, int degrees) {
  check_quarters(degrees);
  // EXIF's names for the turns that make a stored photo upright.
  constexpr int kOrientations[] = {1, 6, 3, 8};
  return make_upright(photo, kOrientations[degrees / 90]);
}

Box turn_clockwise(const Box& box, int photo_width, int photo_height, int degrees) {
  check_quarters(degrees);
  const auto width = static_cast<float>(photo_width);
  const auto height = static_cast<float>(photo_height);
  switch (degrees) {
    case 90:
      return {height - box.y - box.height, box.x, box.height, box.width};
    case 180:
      return {width - box.x - box.width, height - box.y - box.height, box.width, box.height};
    case 270:
      return {box.y, width - box.x - box.width, box.height, box.width};
    default:
      return box;
  }
}

}  // namespace facet::detail
