// SPDX-License-Identifier: Apache-2.0
#include "network/depths_step.hpp"

#include <algorithm>
#include <utility>

#include "network/amx/bfloat16.hpp"

namespace facet::detail {
namespace {

MapShape output_shape(const TypedShape& before, const std::vector<TypedShape>& averaged) {
  MapShape shape = before.shape;
  for (const TypedShape& map : averaged) shape.channels += map.shape.channels;
  return shape;
}

// Adds the vectors of image `n`, and divides by their number.
void average(const TypedShape& map, const void* values, int n, std::span<float> means) {
  const auto places =
      static_cast<std::size_t>(map.shape.height) * static_cast<std::size_t>(map.shape.width);
  const std::size_t first = static_cast<std::size_t>(n) * places * means.size();
  std::fill(means.begin(), means.end(), 0.0F);
  if (map.type == ValueType::bf16) {
    add_vectors(static_cast<const std::uint16_t*>(values) + first, places, means);
  } else {
    add_vectors(static_cast<const float*>(values) + first, places, means);
  }
  const float share = 1 / static_cast<float>(places);
  for (float& mean : means) mean *= share;
}

}  // namespace

void add_vectors(const float* values, std::size_t places, std::span<float> sums) {
  for (std::size_t place = 0; place < places; ++place, values += sums.size()) {
#pragma omp simd
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += values[c];
  }
}

void add_vectors(const std::uint16_t* values, std::size_t places, std::span<float> sums) {
  for (std::size_t place = 0; place < places; ++place, values += sums.size()) {
#pragma omp simd
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += from_bf16(values[c]);
  }
}

DepthsStep::DepthsStep(const TypedShape& before, std::vector<TypedShape> averaged,
                       ValueType output_type)
    : LayerStep(output_shape(before, averaged), output_type),
      before_(before),
      averaged_(std::move(averaged)),
      read_(averaged_.size()) {
  if (output_type == ValueType::bf16) rounded_.resize(output().size());
}

void DepthsStep::fill_image(const void* input, int n, std::span<float> vector) const {
  const auto size = [](const TypedShape& map) {
    return static_cast<std::size_t>(map.shape.channels);
  };
  average(before_, input, n, vector.first(size(before_)));  // of its single place: as it is
  vector = vector.subspan(size(before_));
  for (std::size_t i = 0; i < averaged_.size(); ++i) {
    average(averaged_[i], read_[i], n, vector.first(size(averaged_[i])));
    vector = vector.subspan(size(averaged_[i]));
  }
}

void DepthsStep::execute(const void* input, void* output, Workspace& /*workspace*/) {
  const bool rounds = output_type() == ValueType::bf16;
  float* vectors = rounds ? rounded_.data() : static_cast<float*>(output);
  const auto size = static_cast<std::size_t>(this->output().channels);
  // Image by image, each in one order: the same whatever the batch and the threads.
#pragma omp parallel for
  for (int n = 0; n < this->output().count; ++n) {
    fill_image(input, n, {vectors + static_cast<std::size_t>(n) * size, size});
  }
  if (rounds) {
    std::transform(rounded_.begin(), rounded_.end(), static_cast<std::uint16_t*>(output), to_bf16);
  }
}

}  // namespace facet::detail
