#include "view.hpp"

#include <algorithm>
#include <cmath>

namespace facet::training {
namespace {

struct Sampler {
  const Raster& raster;
  float factor;  // level pixels per photo pixel
  Outside outside;

  // Adds the bilinear sample at a place given in photo pixels (pixel centres at .5).
  void add(float photo_x, float photo_y, float* sum) const {
    float x = photo_x * factor - 0.5F;
    float y = photo_y * factor - 0.5F;
    if (outside == Outside::grey &&
        (x < -0.5F || y < -0.5F || x > static_cast<float>(raster.width) - 0.5F ||
         y > static_cast<float>(raster.height) - 0.5F)) {
      for (int c = 0; c < 3; ++c) sum[c] += 127.5F;
      return;
    }
    x = std::clamp(x, 0.0F, static_cast<float>(raster.width - 1));
    y = std::clamp(y, 0.0F, static_cast<float>(raster.height - 1));
    const int x0 = static_cast<int>(x);
    const int y0 = static_cast<int>(y);
    const int x1 = std::min(x0 + 1, raster.width - 1);
    const int y1 = std::min(y0 + 1, raster.height - 1);
    const float fx = x - static_cast<float>(x0);
    const float fy = y - static_cast<float>(y0);
    const std::uint8_t* a = raster.at(x0, y0);
    const std::uint8_t* b = raster.at(x1, y0);
    const std::uint8_t* c = raster.at(x0, y1);
    const std::uint8_t* d = raster.at(x1, y1);
    const float wa = (1 - fx) * (1 - fy);
    const float wb = fx * (1 - fy);
    const float wc = (1 - fx) * fy;
    const float wd = fx * fy;
    for (int k = 0; k < 3; ++k) {
      sum[k] += wa * static_cast<float>(a[k]) + wb * static_cast<float>(b[k]) +
                wc * static_cast<float>(c[k]) + wd * static_cast<float>(d[k]);
    }
  }
};

}  // namespace

void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 std::uint8_t* out) {
  render_view(photo, geometry, side, outside, {0, 0, side, side}, out);
}

void render_view(const PackedPhoto& photo, const ViewGeometry& geometry, int side, Outside outside,
                 const Region& region, std::uint8_t* out) {
  int level = 0;
  while (level + 1 < static_cast<int>(photo.levels.size()) &&
         geometry.scale >= static_cast<float>(2 << level)) {
    ++level;
  }
  const Raster& raster = photo.levels[static_cast<std::size_t>(level)];
  const Sampler sampler{
      raster, static_cast<float>(raster.width) / static_cast<float>(photo.width()), outside};
  const float residual = geometry.scale / static_cast<float>(1 << level);
  const int samples = residual > 1.15F ? 2 : 1;
  const float weight = 1.0F / static_cast<float>(samples * samples);
  const float cosine = std::cos(geometry.rotation) * geometry.scale;
  const float sine = std::sin(geometry.rotation) * geometry.scale;
  const float flip = geometry.mirrored ? -1.0F : 1.0F;
  const float half = static_cast<float>(side) / 2;
  for (int y = region.top; y < region.bottom; ++y) {
    std::uint8_t* pixel = out + static_cast<std::ptrdiff_t>(y * side + region.left) * 3;
    for (int x = region.left; x < region.right; ++x) {
      float sum[3] = {0, 0, 0};
      for (int sy = 0; sy < samples; ++sy) {
        for (int sx = 0; sx < samples; ++sx) {
          const float step = 1.0F / static_cast<float>(samples);
          const float vx =
              flip * (static_cast<float>(x) + (static_cast<float>(sx) + 0.5F) * step - half);
          const float vy = static_cast<float>(y) + (static_cast<float>(sy) + 0.5F) * step - half;
          sampler.add(geometry.centre_x + cosine * vx - sine * vy,
                      geometry.centre_y + sine * vx + cosine * vy, sum);
        }
      }
      for (const float s : sum) *pixel++ = static_cast<std::uint8_t>(s * weight + 0.5F);
    }
  }
}

void relight(std::uint8_t* pixels, std::size_t count, const Light& light, Random& random) {
  const float brightness = random.uniform(-light.brightness, light.brightness) * 255.0F;
  const float contrast = 1.0F + random.uniform(-light.contrast, light.contrast);
  std::array<std::array<std::uint8_t, 256>, 3> table{};
  for (auto& channel : table) {
    const float gain = contrast * (1.0F + random.uniform(-light.colour, light.colour));
    for (std::size_t v = 0; v < 256; ++v) {
      const float value = (static_cast<float>(v) - 127.5F) * gain + 127.5F + brightness;
      channel[v] = static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
    }
  }
  const bool grey = random.chance(light.grey);
  for (std::size_t i = 0; i < count; ++i, pixels += 3) {
    for (std::size_t c = 0; c < 3; ++c) pixels[c] = table[c][pixels[c]];
    if (grey) {
      const int luma = (77 * pixels[0] + 151 * pixels[1] + 28 * pixels[2] + 128) >> 8;
      pixels[0] = pixels[1] = pixels[2] = static_cast<std::uint8_t>(luma);
    }
  }
}

}  // namespace facet::training
