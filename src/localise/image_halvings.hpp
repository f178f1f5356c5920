// SPDX-License-Identifier: Apache-2.0
// A photo and its halvings, so that windows are cut at any scale at a cost near that of the result.
#pragma once

#include <cstddef>
#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

// Looks at the photo, whose bytes must outlive it. Halvings are made when first needed.
class ImageHalvings {
 public:
  explicit ImageHalvings(const ImageView& photo) : photo_(photo) {}

  [[nodiscard]] int width() const { return photo_.width; }
  [[nodiscard]] int height() const { return photo_.height; }

  // As resample() of the photo. Reads from the smallest halving that still has at least twice the
  // resolution of the result.
  Image cut(const Box& window, int width, int height);

 private:
  ImageView source(std::size_t halvings);

  ImageView photo_;
  std::vector<Image> halves_;  // halves_[i]: scale 2^-(i + 1)
};

}  // namespace facet::detail
