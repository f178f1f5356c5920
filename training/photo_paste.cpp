// SPDX-License-Identifier: Apache-2.0
#include "photo_paste.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "augment/appearance.hpp"

namespace facet::training {

void paste_photo(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Random& random,
                 std::uint8_t* view) {
  const auto count = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  std::vector<std::uint8_t> layer(count * 3);
  const float width = static_cast<float>(photo.width());
  const float height = static_cast<float>(photo.height());
  // How much of the photo is kept on each side varies, so that no fixed border gives faces away.
  const float left = random.uniform(0, 0.2F) * width;
  const float right = random.uniform(0.8F, 1.0F) * width;
  const float top = random.uniform(0, 0.22F) * height;
  const float bottom = random.uniform(0.86F, 1.0F) * height;
  const float feather = random.uniform(0.5F, 7.0F);
  const bool oval = random.chance(0.35F);
  const float reach = std::hypot(right - left, bottom - top) / geometry.scale + 2;
  const float half = static_cast<float>(side) / 2;
  const float cosine = std::cos(geometry.rotation) * geometry.scale;
  const float sine = std::sin(geometry.rotation) * geometry.scale;
  const float flip = geometry.mirrored ? -1.0F : 1.0F;
  // Where the photo's centre lands in the view.
  const float dx = width / 2 - geometry.centre_x;
  const float dy = height / 2 - geometry.centre_y;
  const float norm = geometry.scale * geometry.scale;
  const float view_x = half + flip * (cosine * dx + sine * dy) / norm;
  const float view_y = half + (-sine * dx + cosine * dy) / norm;
  const auto bound = [side](float v) { return std::clamp(static_cast<int>(v), 0, side); };
  const Region region{bound(view_x - reach / 2), bound(view_y - reach / 2),
                      bound(view_x + reach / 2 + 1), bound(view_y + reach / 2 + 1)};
  render_view(photo, geometry, side, Outside::replicate, region, layer.data());
  relight(layer.data(), count, Light{0.22F, 0.25F, 0.08F, 0.07F}, random);
  for (int y = region.top; y < region.bottom; ++y) {
    for (int x = region.left; x < region.right; ++x) {
      const float vx = flip * (static_cast<float>(x) + 0.5F - half);
      const float vy = static_cast<float>(y) + 0.5F - half;
      const float px = geometry.centre_x + cosine * vx - sine * vy;
      const float py = geometry.centre_y + sine * vx + cosine * vy;
      float inside;  // distance to the border of the kept part, in view pixels
      if (oval) {
        const float u = (px - (left + right) / 2) / ((right - left) / 2);
        const float v = (py - (top + bottom) / 2) / ((bottom - top) / 2);
        inside = (1 - std::hypot(u, v)) * (right - left) / 2 / geometry.scale;
      } else {
        inside = std::min({px - left, right - px, py - top, bottom - py}) / geometry.scale;
      }
      const float alpha = std::clamp(inside / feather + 0.5F, 0.0F, 1.0F);
      if (alpha <= 0) continue;
      const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(side) +
                       static_cast<std::size_t>(x)) *
                      3;
      for (std::size_t c = 0; c < 3; ++c) {
        const float mixed = alpha * static_cast<float>(layer[at + c]) +
                            (1 - alpha) * static_cast<float>(view[at + c]);
        view[at + c] = static_cast<std::uint8_t>(mixed + 0.5F);
      }
    }
  }
}

}  // namespace facet::training
