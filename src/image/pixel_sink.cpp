// SPDX-License-Identifier: Apache-2.0
#include "image/pixel_sink.hpp"

#include <algorithm>
#include <cstring>

namespace facet::detail {
namespace {

constexpr std::size_t kSamples = 3;

// Adds `count` pixels to the sums of squares, the first pixel being the `phase`-th of its square.
void add_pixels(const std::uint8_t* rgb, int count, int phase, int reduce, std::uint16_t* sums,
                std::uint8_t* counts) {
  while (count > 0) {
    const int part = std::min(reduce - phase, count);
    unsigned red = 0;
    unsigned green = 0;
    unsigned blue = 0;
    for (int i = 0; i < part; ++i, rgb += kSamples) {
      red += rgb[0];
      green += rgb[1];
      blue += rgb[2];
    }
    sums[0] = static_cast<std::uint16_t>(sums[0] + red);
    sums[1] = static_cast<std::uint16_t>(sums[1] + green);
    sums[2] = static_cast<std::uint16_t>(sums[2] + blue);
    *counts = static_cast<std::uint8_t>(*counts + part);
    sums += kSamples;
    ++counts;
    count -= part;
    phase = 0;
  }
}

}  // namespace

Image missing_image(int width, int height) {
  Image image;  // written once, not first with zeros
  image.width = width;
  image.height = height;
  image.pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * kSamples,
                      kMissingPixel);
  return image;
}

void WholeSink::put(int x, int y, int count, const std::uint8_t* rgb) noexcept {
  std::memcpy(image_.row(y) + static_cast<std::ptrdiff_t>(x) * 3, rgb,
              static_cast<std::size_t>(count) * kSamples);
}

ReducingSink::ReducingSink(int width, int height, int reduce, RowOrder order)
    : reduce_(reduce),
      order_(order),
      image_(missing_image(reduced_side(width, reduce), reduced_side(height, reduce))) {
  const std::size_t rows =
      order == RowOrder::any ? static_cast<std::size_t>(image_.height) : std::size_t{1};
  const std::size_t squares = rows * static_cast<std::size_t>(image_.width);
  sums_.resize(squares * kSamples);
  counts_.resize(squares);
}

void ReducingSink::put(int x, int y, int count, const std::uint8_t* rgb) noexcept {
  const int row = y / reduce_;
  std::size_t held = static_cast<std::size_t>(row);
  if (order_ == RowOrder::downwards) {
    if (row != row_) finish_row(row_, 0);
    row_ = row;
    held = 0;
  }
  const std::size_t square =
      held * static_cast<std::size_t>(image_.width) + static_cast<std::size_t>(x / reduce_);
  add_pixels(rgb, count, x % reduce_, reduce_, sums_.data() + square * kSamples,
             counts_.data() + square);
}

// Writes the means of a row of squares, and forgets their sums.
void ReducingSink::finish_row(int row, std::size_t held) noexcept {
  const std::size_t first = held * static_cast<std::size_t>(image_.width);
  std::uint16_t* sums = sums_.data() + first * kSamples;
  std::uint8_t* counts = counts_.data() + first;
  std::uint8_t* out = image_.row(row);
  for (int i = 0; i < image_.width; ++i, sums += kSamples, out += kSamples) {
    const unsigned count = counts[i];
    if (count == 0) continue;
    for (std::size_t c = 0; c < kSamples; ++c) {
      out[c] = static_cast<std::uint8_t>((sums[c] + count / 2) / count);
      sums[c] = 0;
    }
    counts[i] = 0;
  }
}

Image ReducingSink::take() {
  if (order_ == RowOrder::downwards) {
    finish_row(row_, 0);
  } else {
    for (int row = 0; row < image_.height; ++row) finish_row(row, static_cast<std::size_t>(row));
  }
  return std::move(image_);
}

RegionSink::RegionSink(std::span<const PixelRect> regions)
    : regions_(regions.begin(), regions.end()) {
  for (const PixelRect& region : regions_) {
    images_.push_back(missing_image(region.width, region.height));
  }
}

void RegionSink::put(int x, int y, int count, const std::uint8_t* rgb) noexcept {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    const PixelRect& region = regions_[i];
    if (y < region.y || y >= region.y + region.height) continue;
    const int left = std::max(x, region.x);
    const int right = std::min(x + count, region.x + region.width);
    if (left >= right) continue;
    std::memcpy(images_[i].row(y - region.y) + static_cast<std::ptrdiff_t>(left - region.x) * 3,
                rgb + static_cast<std::ptrdiff_t>(left - x) * 3,
                static_cast<std::size_t>(right - left) * kSamples);
  }
}

}  // namespace facet::detail
