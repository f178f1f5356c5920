// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/evidence/peaks.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "localise/proposers/evidence/parabola.hpp"

namespace facet::detail {
namespace {

float value(const ScaleMap& map, int x, int y) {
  return map.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                    static_cast<std::size_t>(x)];
}

float cell_x(const ScaleMap& map, float x) {
  return map.first_x + x * map.step;
}
float cell_y(const ScaleMap& map, float y) {
  return map.first_y + y * map.step;
}

// True where no cell of the 3×3 around (x, y), the middle included, exceeds `evidence`;
// `strict`: nor equals it.
bool tops(const ScaleMap& map, int x, int y, float evidence, bool strict) {
  for (int v = std::max(0, y - 1); v <= std::min(map.height - 1, y + 1); ++v) {
    for (int u = std::max(0, x - 1); u <= std::min(map.width - 1, x + 1); ++u) {
      const float other = value(map, u, v);
      if (other > evidence || (strict && other == evidence)) return false;
    }
  }
  return true;
}

bool tops_own_map(const ScaleMap& map, int x, int y, float evidence) {
  for (int v = std::max(0, y - 1); v <= std::min(map.height - 1, y + 1); ++v) {
    for (int u = std::max(0, x - 1); u <= std::min(map.width - 1, x + 1); ++u) {
      const float other = value(map, u, v);
      const bool earlier = std::tie(v, u) < std::tie(y, x);
      if (other > evidence || (earlier && other == evidence)) return false;
    }
  }
  return true;
}

bool tops_other_scale(const ScaleMap& map, const ScaleMap& other, int x, int y, float evidence,
                      bool strict) {
  const float u = (cell_x(map, static_cast<float>(x)) - other.first_x) / other.step;
  const float v = (cell_y(map, static_cast<float>(y)) - other.first_y) / other.step;
  return tops(other, std::clamp(static_cast<int>(std::lround(u)), 0, other.width - 1),
              std::clamp(static_cast<int>(std::lround(v)), 0, other.height - 1), evidence, strict);
}

// Shift from the cell to the top between it and its two neighbours, in cells.
float top_between(float before, float at, float after) {
  return parabola_top({-1, before}, {0, at}, {1, after});
}

}  // namespace

std::vector<Peak> find_peaks(std::span<const ScaleMap> maps, float threshold) {
  std::vector<Peak> peaks;
  for (std::size_t level = 0; level < maps.size(); ++level) {
    const ScaleMap& map = maps[level];
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const float evidence = value(map, x, y);
        if (!(evidence > threshold) || !tops_own_map(map, x, y, evidence)) continue;
        if (level > 0 && !tops_other_scale(map, maps[level - 1], x, y, evidence, true)) continue;
        if (level + 1 < maps.size() &&
            !tops_other_scale(map, maps[level + 1], x, y, evidence, false)) {
          continue;
        }
        peaks.push_back({level, x, y, evidence});
      }
    }
  }
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.evidence > b.evidence; });
  return peaks;
}

std::optional<Peak> strongest_cell(std::span<const ScaleMap> maps, int photo_width,
                                   int photo_height) {
  std::optional<Peak> best;
  float best_distance = 0;
  for (std::size_t level = maps.size(); level-- > 0;) {
    const ScaleMap& map = maps[level];
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const float evidence = value(map, x, y);
        const float distance =
            std::hypot(cell_x(map, static_cast<float>(x)) - static_cast<float>(photo_width) / 2,
                       cell_y(map, static_cast<float>(y)) - static_cast<float>(photo_height) / 2);
        const bool better =
            !best || evidence > best->evidence ||
            (evidence == best->evidence && level == best->level && distance < best_distance);
        if (!better) continue;
        best = Peak{level, x, y, evidence};
        best_distance = distance;
      }
    }
  }
  return best;
}

Window window_of_peak(std::span<const ScaleMap> maps, const Peak& peak, float face_height,
                      int photo_width, int photo_height) {
  const ScaleMap& map = maps[peak.level];
  float x = static_cast<float>(peak.x);
  float y = static_cast<float>(peak.y);
  if (peak.x > 0 && peak.x + 1 < map.width) {
    x += top_between(value(map, peak.x - 1, peak.y), peak.evidence, value(map, peak.x + 1, peak.y));
  }
  if (peak.y > 0 && peak.y + 1 < map.height) {
    y += top_between(value(map, peak.x, peak.y - 1), peak.evidence, value(map, peak.x, peak.y + 1));
  }
  Window window;
  window.centre_x = std::clamp(cell_x(map, x), 0.0F, static_cast<float>(photo_width));
  window.centre_y = std::clamp(cell_y(map, y), 0.0F, static_cast<float>(photo_height));
  window.side = face_height / map.scale;
  if (peak.level > 0 && peak.level + 1 < maps.size()) {
    const auto sample = [&](const ScaleMap& scale) {
      return Sample{-std::log(scale.scale), evidence_at(scale, window.centre_x, window.centre_y)};
    };
    const float log_size =
        parabola_top(sample(maps[peak.level - 1]), sample(map), sample(maps[peak.level + 1]));
    window.side = face_height * std::exp(log_size);
  }
  window.evidence_o = peak.evidence;
  window.score = peak.evidence;
  return window;
}

float evidence_at(const ScaleMap& map, float x, float y) {
  const float u = std::clamp((x - map.first_x) / map.step, 0.0F, static_cast<float>(map.width - 1));
  const float v =
      std::clamp((y - map.first_y) / map.step, 0.0F, static_cast<float>(map.height - 1));
  const int left = std::min(static_cast<int>(u), std::max(0, map.width - 2));
  const int top = std::min(static_cast<int>(v), std::max(0, map.height - 2));
  const int right = std::min(left + 1, map.width - 1);
  const int bottom = std::min(top + 1, map.height - 1);
  const float across = u - static_cast<float>(left);
  const float down = v - static_cast<float>(top);
  const float upper = std::lerp(value(map, left, top), value(map, right, top), across);
  const float lower = std::lerp(value(map, left, bottom), value(map, right, bottom), across);
  return std::lerp(upper, lower, down);
}

}  // namespace facet::detail
