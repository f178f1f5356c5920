// SPDX-License-Identifier: Apache-2.0
#include "image/turned_square.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "facet/box.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr float kUpright = 1e-3F;  // radians that nobody sees
constexpr float kFineness = 1.5F;  // of the upright cut from which the turned one is sampled

}  // namespace

Image cut_square(const ImageView& photo, const TurnedSquare& square, int pixels) {
  const float half = square.side / 2;
  if (pixels < 1 || !(square.side > 0) || !std::isfinite(square.side) ||
      !std::isfinite(square.centre_x) || !std::isfinite(square.centre_y) ||
      !std::isfinite(square.angle)) {
    throw Error(ErrorCode::invalid_argument,
                "cannot cut a square of side " + std::to_string(square.side) + " at (" +
                    std::to_string(square.centre_x) + ", " + std::to_string(square.centre_y) +
                    ") as " + std::to_string(pixels) + " pixels");
  }
  if (std::abs(square.angle) < kUpright) {
    return resample(photo,
                    {square.centre_x - half, square.centre_y - half, square.side, square.side},
                    pixels, pixels);
  }
  // Upright and averaged over area first, then turned: shrinking and turning need not meet.
  const float cosine = std::cos(square.angle);
  const float sine = std::sin(square.angle);
  const float unit = kFineness * static_cast<float>(pixels) / square.side;  // fine pixels a pixel
  const float reach = half * (std::abs(cosine) + std::abs(sine)) + 2 / unit;
  const int fine = std::max(2, static_cast<int>(std::ceil(2 * reach * unit)));
  const float extent = static_cast<float>(fine) / unit;
  const Image upright =
      resample(photo, {square.centre_x - extent / 2, square.centre_y - extent / 2, extent, extent},
               fine, fine);
  Image turned(pixels, pixels);
  const float middle = static_cast<float>(fine) / 2 - 0.5F;
  const float most = static_cast<float>(fine) - 1.001F;
  for (int y = 0; y < pixels; ++y) {
    std::uint8_t* out = turned.row(y);
    const float v = (static_cast<float>(y) + 0.5F - static_cast<float>(pixels) / 2) * kFineness;
    for (int x = 0; x < pixels; ++x, out += 3) {
      const float u = (static_cast<float>(x) + 0.5F - static_cast<float>(pixels) / 2) * kFineness;
      const float at_x = std::clamp(middle + cosine * u - sine * v, 0.0F, most);
      const float at_y = std::clamp(middle + sine * u + cosine * v, 0.0F, most);
      const int left = static_cast<int>(at_x);
      const int top = static_cast<int>(at_y);
      const float fx = at_x - static_cast<float>(left);
      const float fy = at_y - static_cast<float>(top);
      const std::uint8_t* above = upright.row(top) + static_cast<std::ptrdiff_t>(left) * 3;
      const std::uint8_t* below = upright.row(top + 1) + static_cast<std::ptrdiff_t>(left) * 3;
      for (int c = 0; c < 3; ++c) {
        const float first =
            static_cast<float>(above[c]) * (1 - fx) + static_cast<float>(above[c + 3]) * fx;
        const float second =
            static_cast<float>(below[c]) * (1 - fx) + static_cast<float>(below[c + 3]) * fx;
        out[c] = static_cast<std::uint8_t>(first * (1 - fy) + second * fy + 0.5F);
      }
    }
  }
  return turned;
}

}  // namespace facet::detail
