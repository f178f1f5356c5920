// SPDX-License-Identifier: Apache-2.0
// Where decoders put pixels: a whole photo, a smaller one, or parts of it, without the rest ever
// being in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail {

struct PixelRect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// Pixels that a file lacks.
constexpr std::uint8_t kMissingPixel = 128;

// An image of missing pixels.
Image missing_image(int width, int height);

// The side that is left of one.
constexpr int reduced_side(int side, int reduce) {
  return (side + reduce - 1) / reduce;
}

class PixelSink {
 public:
  PixelSink() = default;
  PixelSink(const PixelSink&) = delete;
  PixelSink& operator=(const PixelSink&) = delete;
  virtual ~PixelSink() = default;
  // `count` RGB pixels of row y, from column x on, all inside the photo as stored. Rows may come in
  // any order, a pixel once at most.
  virtual void put(int x, int y, int count, const std::uint8_t* rgb) noexcept = 0;
};

class WholeSink final : public PixelSink {
 public:
  WholeSink(int width, int height) : image_(missing_image(width, height)) {}
  void put(int x, int y, int count, const std::uint8_t* rgb) noexcept override;
  [[nodiscard]] Image take() { return std::move(image_); }

 private:
  Image image_;
};

enum class RowOrder { downwards, any };

// Means over squares of `reduce` pixels a side (2, 4 or 8), fewer at the right and lower edge.
class ReducingSink final : public PixelSink {
 public:
  ReducingSink(int width, int height, int reduce, RowOrder order);
  void put(int x, int y, int count, const std::uint8_t* rgb) noexcept override;
  [[nodiscard]] Image take();

 private:
  void finish_row(int row, std::size_t held) noexcept;

  int reduce_;
  RowOrder order_;
  Image image_;
  // Of the squares of one row of the result, or of all where rows may come in any order.
  std::vector<std::uint16_t> sums_;
  std::vector<std::uint8_t> counts_;
  int row_ = 0;
};

class RegionSink final : public PixelSink {
 public:
  explicit RegionSink(std::span<const PixelRect> regions);
  void put(int x, int y, int count, const std::uint8_t* rgb) noexcept override;
  [[nodiscard]] std::vector<Image> take() { return std::move(images_); }

 private:
  std::vector<PixelRect> regions_;
  std::vector<Image> images_;
};

}  // namespace facet::detail
