#include <algorithm>
#include <cmath>

#include "localise/localiser.hpp"

namespace facet {
namespace {

constexpr float kMinSide = 1;  // of a box before clipping: clipped ones keep some area

// x + width never rounds to beyond the photo.
void keep_inside(float start, float& size, float limit) {
  while (start + size > limit) size = std::nextafter(size, 0.0F);
}

}  // namespace

Box window_to_box(const Window& window, const detail::LocaliserSettings& settings, int photo_width,
                  int photo_height) {
  const auto [dx, dy, sx, sy] = settings.box;
  const float right = static_cast<float>(photo_width);
  const float bottom = static_cast<float>(photo_height);
  const float centre_x = std::clamp(window.centre_x + dx * window.side, 0.0F, right);
  const float centre_y = std::clamp(window.centre_y + dy * window.side, 0.0F, bottom);
  const float width = std::max(kMinSide, sx * window.side);
  const float height = std::max(kMinSide, sy * window.side);
  Box box = clip({centre_x - width / 2, centre_y - height / 2, width, height}, right, bottom);
  keep_inside(box.x, box.width, right);
  keep_inside(box.y, box.height, bottom);
  return box;
}

}  // namespace facet
