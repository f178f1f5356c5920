// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/hand_made_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "evaluate/photo_workers.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr int kSide = 96;
constexpr float kScale = 1.6F;  // side of the square in box heights: hair and neck are in it
constexpr int kCell = 8;
constexpr int kDirections = 9;
constexpr int kHues = 8;
constexpr int kSaturations = 4;
constexpr int kValues = 6;
constexpr float kClip = 0.2F;  // of a normalised cell's direction, as Dalal and Triggs

float grey(const Image& image, int x, int y) {
  const std::uint8_t* p = image.row(std::clamp(y, 0, image.height - 1)) +
                          static_cast<std::ptrdiff_t>(std::clamp(x, 0, image.width - 1)) * 3;
  return (0.299F * p[0] + 0.587F * p[1] + 0.114F * p[2]) / 255;
}

// Each pixel's gradient is shared between the two directions nearest to its own.
std::vector<float> cell_histograms(const Image& square, int cells) {
  std::vector<float> cell(static_cast<std::size_t>(cells * cells * kDirections));
  for (int y = 0; y < cells * kCell; ++y) {
    for (int x = 0; x < cells * kCell; ++x) {
      const float dx = grey(square, x + 1, y) - grey(square, x - 1, y);
      const float dy = grey(square, x, y + 1) - grey(square, x, y - 1);
      const float strength = std::hypot(dx, dy);
      if (strength == 0) continue;
      float turn = std::atan2(dy, dx) / std::numbers::pi_v<float>;  // -1 … 1
      if (turn < 0) turn += 1;                                      // directions, not arrows
      const float at = turn * kDirections - 0.5F;
      const int below = static_cast<int>(std::floor(at));
      const float part = at - static_cast<float>(below);
      float* bins = cell.data() + ((y / kCell) * cells + x / kCell) * kDirections;
      bins[(below + kDirections) % kDirections] += strength * (1 - part);
      bins[(below + 1) % kDirections] += strength * part;
    }
  }
  return cell;
}

struct Region {
  float left, top, right, bottom;  // of the square, 0 … 1
};
// The square is 1.6 face heights wide around the face's middle.
constexpr std::array<Region, 10> kRegions = {{{0.25F, 0.02F, 0.75F, 0.20F},  // hair above
                                              {0.02F, 0.20F, 0.22F, 0.65F},  // hair at the left
                                              {0.78F, 0.20F, 0.98F, 0.65F},  // hair at the right
                                              {0.32F, 0.22F, 0.68F, 0.36F},  // forehead
                                              {0.30F, 0.36F, 0.70F, 0.48F},  // eyes
                                              {0.42F, 0.45F, 0.58F, 0.60F},  // nose
                                              {0.28F, 0.50F, 0.42F, 0.66F},  // cheeks
                                              {0.58F, 0.50F, 0.72F, 0.66F},
                                              {0.36F, 0.60F, 0.64F, 0.73F},    // mouth
                                              {0.30F, 0.72F, 0.70F, 0.95F}}};  // chin and neck

struct Colour {
  float hue, saturation, value;  // 0 … 1
};

Colour colour_of(const std::uint8_t* pixel) {
  const float r = pixel[0] / 255.0F;
  const float g = pixel[1] / 255.0F;
  const float b = pixel[2] / 255.0F;
  const float most = std::max({r, g, b});
  const float span = most - std::min({r, g, b});
  if (span <= 0) return {0, 0, most};
  float sixth = 0;
  if (most == r) {
    sixth = std::fmod((g - b) / span + 6, 6.0F);
  } else if (most == g) {
    sixth = (b - r) / span + 2;
  } else {
    sixth = (r - g) / span + 4;
  }
  return {sixth / 6, span / most, most};
}

int bin_of(float value, int bins) {
  return std::min(bins - 1, static_cast<int>(value * static_cast<float>(bins)));
}

}  // namespace

std::vector<float> oriented_gradients(const Image& square) {
  const int cells = square.width / kCell;
  const std::vector<float> histograms = cell_histograms(square, cells);
  const auto at = [&](int x, int y) {
    return histograms.data() +
           (std::clamp(y, 0, cells - 1) * cells + std::clamp(x, 0, cells - 1)) * kDirections;
  };
  std::vector<float> result;
  for (int y = 0; y < cells; ++y) {
    for (int x = 0; x < cells; ++x) {
      float energy = 1e-4F;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          for (int k = 0; k < kDirections; ++k)
            energy += at(x + dx, y + dy)[k] * at(x + dx, y + dy)[k];
        }
      }
      const float norm = std::sqrt(energy) / 3;  // nine cells
      for (int k = 0; k < kDirections; ++k) {
        result.push_back(std::min(kClip * 3, at(x, y)[k] / norm));
      }
    }
  }
  return result;
}

std::vector<float> region_colours(const Image& square) {
  std::vector<float> result;
  for (const Region& region : kRegions) {
    std::array<float, kHues + kSaturations + kValues> bins{};
    const int left = static_cast<int>(region.left * static_cast<float>(square.width));
    const int right = static_cast<int>(region.right * static_cast<float>(square.width));
    const int top = static_cast<int>(region.top * static_cast<float>(square.height));
    const int bottom = static_cast<int>(region.bottom * static_cast<float>(square.height));
    const float share = 1.0F / static_cast<float>(std::max(1, (right - left) * (bottom - top)));
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        const Colour colour = colour_of(square.row(y) + static_cast<std::ptrdiff_t>(x) * 3);
        // Grey has no hue: it counts as much as it is coloured.
        bins[static_cast<std::size_t>(bin_of(colour.hue, kHues))] += share * colour.saturation;
        bins[static_cast<std::size_t>(kHues + bin_of(colour.saturation, kSaturations))] += share;
        bins[static_cast<std::size_t>(kHues + kSaturations + bin_of(colour.value, kValues))] +=
            share;
      }
    }
    result.insert(result.end(), bins.begin(), bins.end());
  }
  return result;
}

StoredTables hand_made_features(const PaperSet& set, const DescribedFaces& faces,
                                const PaperOptions& options) {
  StoredTables tables;
  StoredRows& gradients = tables["gradients"];
  StoredRows& colours = tables["colours"];
  gradients.width = oriented_gradients(Image(kSide, kSide)).size();
  colours.width = region_colours(Image(kSide, kSide)).size();
  gradients.values.resize(set.size() * gradients.width);
  colours.values.resize(set.size() * colours.width);
  const auto work = [&](const ListedPhoto& photo, std::size_t index) {
    const Box& box = faces.boxes[index];
    const float side = kScale * box.height;
    const Image square =
        resample(photo.image, {box.centre_x() - side / 2, box.centre_y() - side / 2, side, side},
                 kSide, kSide);
    const std::vector<float> edges = oriented_gradients(square);
    const std::vector<float> hues = region_colours(square);
    std::copy(edges.begin(), edges.end(),
              gradients.values.begin() + static_cast<std::ptrdiff_t>(index * gradients.width));
    std::copy(hues.begin(), hues.end(),
              colours.values.begin() + static_cast<std::ptrdiff_t>(index * colours.width));
  };
  for_each_photo(set.photos.photos, options.threads, set.name, options.progress,
                 [&]() -> PhotoWork { return work; });
  return tables;
}

}  // namespace facet::detail
