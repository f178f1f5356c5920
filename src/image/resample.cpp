// SPDX-License-Identifier: Apache-2.0
#include "image/resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/widest_registers.hpp"
#include "facet/error.hpp"
#include "image/wide_sums.hpp"

namespace facet::detail {
namespace {

// One axis of the scaling.
struct Axis {
  std::vector<Taps> taps;      // an output pixel each
  std::vector<float> weights;  // sum to 1 for each output pixel
  int begin = 0;               // source pixels [begin, end) are needed
  int end = 0;
};

// Each output pixel averages an interval around its centre, as wide as its share of the window but
// at least one pixel. Wider is area averaging; exactly one pixel is bilinear interpolation.
Axis make_axis(double origin, double extent, int source_size, int output_size) {
  const double scale = extent / output_size;
  const double width = std::max(scale, 1.0);
  const double last_pixel = source_size - 1;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Axis axis;
  axis.taps.reserve(static_cast<std::size_t>(output_size));
  axis.begin = source_size;
  std::vector<double> coverage;
  for (int i = 0; i < output_size; ++i) {
    const double low = origin + (i + 0.5) * scale - width / 2;
    const double high = low + width;
    const int first = static_cast<int>(std::clamp(std::floor(low), 0.0, last_pixel));
    const int last =
        std::max(first, static_cast<int>(std::clamp(std::ceil(high) - 1, 0.0, last_pixel)));
    coverage.clear();
    double total = 0;
    for (int p = first; p <= last; ++p) {
      // Border pixels go on without end.
      const double left = p == 0 ? -infinity : p;
      const double right = p == source_size - 1 ? infinity : p + 1;
      coverage.push_back(std::max(0.0, std::min(high, right) - std::max(low, left)));
      total += coverage.back();
    }
    axis.taps.push_back({first, last - first + 1, axis.weights.size()});
    for (const double c : coverage) {
      axis.weights.push_back(
          static_cast<float>(total > 0 ? c / total : 1.0 / static_cast<double>(coverage.size())));
    }
    axis.begin = std::min(axis.begin, first);
    axis.end = std::max(axis.end, last + 1);
  }
  return axis;
}

using Byte = std::uint8_t;

// sum = or += the weighted sum of four rows: four at a time spare most of the traffic with `sum`.
FACET_WIDEST void add_four_rows(const Byte* __restrict a, std::size_t stride, const float* weights,
                                float* __restrict sum, std::size_t size, bool first) {
  const Byte* __restrict b = a + stride;
  const Byte* __restrict c = b + stride;
  const Byte* __restrict d = c + stride;
  const float wa = weights[0];
  const float wb = weights[1];
  const float wc = weights[2];
  const float wd = weights[3];
  if (first) {
    for (std::size_t i = 0; i < size; ++i) {
      sum[i] = (wa * static_cast<float>(a[i]) + wb * static_cast<float>(b[i])) +
               (wc * static_cast<float>(c[i]) + wd * static_cast<float>(d[i]));
    }
    return;
  }
  for (std::size_t i = 0; i < size; ++i) {
    sum[i] += (wa * static_cast<float>(a[i]) + wb * static_cast<float>(b[i])) +
              (wc * static_cast<float>(c[i]) + wd * static_cast<float>(d[i]));
  }
}

// The same of one row, two or three: most photos shrink by less than four.
FACET_WIDEST void add_row(const Byte* __restrict a, float weight, float* __restrict sum,
                          std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sum[i] += weight * static_cast<float>(a[i]);
}
FACET_WIDEST void start_row(const Byte* __restrict a, float weight, float* __restrict sum,
                            std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sum[i] = weight * static_cast<float>(a[i]);
}
FACET_WIDEST void start_two_rows(const Byte* __restrict a, const Byte* __restrict b, float wa,
                                 float wb, float* __restrict sum, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    sum[i] = wa * static_cast<float>(a[i]) + wb * static_cast<float>(b[i]);
  }
}
FACET_WIDEST void start_three_rows(const Byte* __restrict a, std::size_t stride,
                                   const float* weights, float* __restrict sum, std::size_t size) {
  const Byte* __restrict b = a + stride;
  const Byte* __restrict c = b + stride;
  const float wa = weights[0];
  const float wb = weights[1];
  const float wc = weights[2];
  for (std::size_t i = 0; i < size; ++i) {
    sum[i] = (wa * static_cast<float>(a[i]) + wb * static_cast<float>(b[i])) +
             wc * static_cast<float>(c[i]);
  }
}

// `size` pixels as RGB.
void to_rgb(const Byte* from, PixelFormat format, int size, Byte* to) {
  const int step = bytes_per_pixel(format);
  const bool reversed = format == PixelFormat::bgr || format == PixelFormat::bgra;
  for (int x = 0; x < size; ++x, from += step, to += 3) {
    if (step == 1) {
      to[0] = to[1] = to[2] = *from;
      continue;
    }
    // An alpha of 255 is exact.
    const auto over_white = [&](Byte value) {
      if (step == 3) return value;
      const int alpha = from[3];
      return static_cast<Byte>((value * alpha + 255 * (255 - alpha) + 127) / 255);
    };
    to[0] = over_white(from[reversed ? 2 : 0]);
    to[1] = over_white(from[1]);
    to[2] = over_white(from[reversed ? 0 : 2]);
  }
}

// Columns [begin, end) of a photo's rows as RGB, a few rows at a time.
class RgbRows {
 public:
  RgbRows(const ImageView& photo, int begin, int end) : photo_(photo), begin_(begin), end_(end) {}

  // The first of `count` rows, stride() bytes apart; valid until the next call.
  const Byte* rows(int first, int count) {
    if (photo_.format == PixelFormat::rgb) {
      return photo_.row(first) + static_cast<std::ptrdiff_t>(begin_) * 3;
    }
    converted_.resize(static_cast<std::size_t>(count) * stride());
    for (int i = 0; i < count; ++i) {
      to_rgb(photo_.row(first + i) +
                 static_cast<std::ptrdiff_t>(begin_) * bytes_per_pixel(photo_.format),
             photo_.format, end_ - begin_,
             converted_.data() + static_cast<std::size_t>(i) * stride());
    }
    return converted_.data();
  }
  [[nodiscard]] std::size_t stride() const {
    return photo_.format == PixelFormat::rgb ? static_cast<std::size_t>(photo_.stride)
                                             : static_cast<std::size_t>(end_ - begin_) * 3;
  }

 private:
  const ImageView& photo_;
  int begin_;
  int end_;
  std::vector<Byte> converted_;
};

// The weighted sum of the rows of `taps`, `size` values each.
void average_rows(RgbRows& photo, const Taps& taps, const float* weights, std::size_t size,
                  float* sum) {
  const std::size_t stride = photo.stride();
  const Byte* row = photo.rows(taps.first, taps.count);
  if (size >= kLeastWideSums && has_wide_sums()) {
    sum_rows_wide(row, stride, weights, taps.count, sum, size);
    return;
  }
  int t = std::min(taps.count, 4);
  if (taps.count >= 4) {
    add_four_rows(row, stride, weights, sum, size, true);
  } else if (taps.count == 3) {
    start_three_rows(row, stride, weights, sum, size);
  } else if (taps.count == 2) {
    start_two_rows(row, row + stride, weights[0], weights[1], sum, size);
  } else {
    start_row(row, weights[0], sum, size);
  }
  for (; t + 4 <= taps.count; t += 4) {
    add_four_rows(row + static_cast<std::size_t>(t) * stride, stride, weights + t, sum, size,
                  false);
  }
  for (; t < taps.count; ++t) {
    add_row(row + static_cast<std::size_t>(t) * stride, weights[t], sum, size);
  }
}

// Red, green, blue and one value more: what the processor adds and multiplies at once.
using Lanes = float __attribute__((vector_size(16)));

// Gives all pixels of an axis as many taps, further ones with a weight of 0, where they are few: a
// loop whose length changes from pixel to pixel takes longer than the sums. Returns how many, or 0.
int even_out(Axis& axis) {
  constexpr int most_even = 6;
  int most = 0;
  for (const Taps& taps : axis.taps) most = std::max(most, taps.count);
  if (most > most_even || most > axis.end - axis.begin) return 0;
  std::vector<float> weights(axis.taps.size() * static_cast<std::size_t>(most));
  std::size_t at = 0;
  for (Taps& taps : axis.taps) {
    const int first = std::min(taps.first, axis.end - most);
    std::copy_n(axis.weights.begin() + static_cast<std::ptrdiff_t>(taps.weights), taps.count,
                weights.begin() + static_cast<std::ptrdiff_t>(at) + (taps.first - first));
    taps = {first, most, at};
    at += static_cast<std::size_t>(most);
  }
  axis.weights = std::move(weights);
  return most;
}

// The horizontal pass; `row` starts at source column `axis.begin` and is one value longer. `count`:
// the taps of every pixel, or 0 where they differ.
template <int count>
void average_columns(const float* row, const Axis& axis, Byte* output) {
  for (const Taps& taps : axis.taps) {
    const float* pixel = row + static_cast<std::ptrdiff_t>(taps.first - axis.begin) * 3;
    const float* weights = axis.weights.data() + taps.weights;
    Lanes sum = {0.5F, 0.5F, 0.5F, 0.5F};  // rounds
    const int taps_here = count == 0 ? taps.count : count;
    for (int t = 0; t < taps_here; ++t, pixel += 3) {
      Lanes values;
      std::memcpy(&values, pixel, sizeof values);
      sum += weights[t] * values;
    }
    for (int c = 0; c < 3; ++c) *output++ = static_cast<Byte>(static_cast<int>(sum[c]));
  }
}

using AverageColumns = void (*)(const float*, const Axis&, Byte*);

AverageColumns averaging_of(int count) {
  constexpr std::array<AverageColumns, 7> ways = {
      average_columns<0>, average_columns<1>, average_columns<2>, average_columns<3>,
      average_columns<4>, average_columns<5>, average_columns<6>};
  return ways[static_cast<std::size_t>(count)];
}

void check_arguments(const ImageView& photo, const Box& window, int width, int height) {
  if (photo.empty()) throw Error(ErrorCode::invalid_argument, "cannot resample an empty photo");
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::invalid_argument, "cannot resample to " + std::to_string(width) + "×" +
                                                 std::to_string(height) + " pixels");
  }
  if (!std::isfinite(window.x) || !std::isfinite(window.y) || !std::isfinite(window.width) ||
      !std::isfinite(window.height) || window.width <= 0 || window.height <= 0) {
    throw Error(ErrorCode::invalid_argument,
                "cannot resample a window of " + std::to_string(window.width) + "×" +
                    std::to_string(window.height) + " pixels at (" + std::to_string(window.x) +
                    ", " + std::to_string(window.y) + ")");
  }
}

}  // namespace

Image resample(const ImageView& photo, const Box& window, int width, int height) {
  check_arguments(photo, window, width, height);
  Axis columns = make_axis(window.x, window.width, photo.width, width);
  const Axis rows = make_axis(window.y, window.height, photo.height, height);
  const int same_count = even_out(columns);
  const AverageColumns average_columns_here = averaging_of(same_count);
  Image result(width, height);
  const std::size_t size = static_cast<std::size_t>(columns.end - columns.begin) * 3;
  std::vector<float> row(size + 1);
  RgbRows source(photo, columns.begin, columns.end);
  for (int y = 0; y < height; ++y) {
    const Taps& taps = rows.taps[static_cast<std::size_t>(y)];
    average_rows(source, taps, rows.weights.data() + taps.weights, size, row.data());
    if (has_wide_sums()) {
      average_columns_wide(same_count, row.data(), columns.begin, columns.taps.data(),
                           columns.taps.size(), columns.weights.data(), result.row(y));
    } else {
      average_columns_here(row.data(), columns, result.row(y));
    }
  }
  return result;
}

Image resize(const ImageView& photo, int width, int height) {
  return resample(photo, {0, 0, static_cast<float>(photo.width), static_cast<float>(photo.height)},
                  width, height);
}

Image mirror(const Image& photo) {
  Image result(photo.width, photo.height);
  for (int y = 0; y < photo.height; ++y) {
    const Byte* from = photo.row(y) + static_cast<std::ptrdiff_t>(photo.width) * 3;
    Byte* to = result.row(y);
    for (int x = 0; x < photo.width; ++x, to += 3) {
      from -= 3;
      std::memcpy(to, from, 3);
    }
  }
  return result;
}

}  // namespace facet::detail
