// SPDX-License-Identifier: Apache-2.0
// What LNet's cells say around faces, averaged over many people.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "evaluate/paper/paper_options.hpp"
#include "evaluate/paper/paper_sets.hpp"
#include "facet/image.hpp"
#include "localise/cell_value.hpp"
#include "network/network.hpp"

namespace facet::detail {

// Squares of the photo around its listed face, `context` face heights wide: one photo a person, at
// most so many people.
struct FaceSquares {
  std::vector<Image> images;  // as the network is to see them: the face as high as it was tuned to
  Image mean;                 // of all; empty for fewer than 50 people
};
FaceSquares face_squares(const PaperSet& set, std::size_t people, double context, int face_height);
// As large ones from photos without people.
std::vector<Image> scene_squares(const std::filesystem::path& data, std::size_t count, int side);

struct SquareMap {
  int side = 0;
  std::vector<float> values;  // side × side
};
// One value a cell, a map a square; `tags_layer` is the network's last.
std::vector<SquareMap> square_maps(const Network& network, const std::string& tags_layer,
                                   const std::vector<Image>& squares, const CellValue& value);
// The mean over maps of one size; an empty map of none.
SquareMap mean_of(const std::vector<SquareMap>& maps);

// As a picture, from the lowest value to the highest; over `ground`, in grey, where one is given.
Image drawn(const SquareMap& map, const Image& ground, int side);

}  // namespace facet::detail
