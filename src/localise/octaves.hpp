// SPDX-License-Identifier: Apache-2.0
// A photo and its halvings, so that windows are cut at any scale at a cost near that of the result.
#pragma once

#include <cstddef>
#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// Refers to the photo, which must outlive it. Halvings are made when first needed.
class Octaves {
 public:
  explicit Octaves(const Image& photo) : photo_(&photo) {}

  [[nodiscard]] int width() const { return photo_->width; }
  [[nodiscard]] int height() const { return photo_->height; }

  // As resample() of the photo. Reads from the smallest halving that still has at least twice the
  // resolution of the result.
  Image cut(const Box& window, int width, int height);

 private:
  const Image& source(std::size_t halvings);

  const Image* photo_;
  std::vector<Image> halves_;  // halves_[i]: scale 2^-(i + 1)
};

}  // namespace facet::detail
