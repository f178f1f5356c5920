// SPDX-License-Identifier: Apache-2.0
#include "predict/reduced_photo.hpp"

#include <algorithm>
#include <cstdint>

#include "localise/smallest_face.hpp"

namespace facet::detail {
namespace {

// EdgeBoxes sees edges of all sizes: photos are reduced for it only where memory asks for that.
constexpr std::int64_t kMostPixelsForEdges = 36'000'000;

int reduction_for_edges(const PhotoFacts& facts) {
  std::int64_t pixels = std::int64_t{facts.width} * facts.height;
  int reduce = 1;
  for (; pixels > kMostPixelsForEdges && reduce < 8; pixels /= 4) reduce *= 2;
  return reduce;
}

}  // namespace

ReducedPhoto decode_for_search(PhotoDecoder& file, const LocaliserSettings& settings,
                               const LocateOptions& options) {
  const PhotoFacts& facts = file.facts();
  const float min_face =
      options.min_face.value_or(smallest_face(settings, facts.width, facts.height));
  int reduce = most_reduction(settings, min_face);
  if (options.proposals == Proposals::edgeboxes) {
    reduce = std::min(reduce, reduction_for_edges(facts));
  }
  ReducedPhoto result;
  result.photo = file.decode(reduce, Detail::perhaps);
  result.from = {&file, reduce, result.photo.offset_x, result.photo.offset_y};
  result.min_face = min_face / static_cast<float>(reduce);
  return result;
}

void refer_to_full_photo(PhotoResult& result, const DecodedPhoto& photo) {
  result.width = photo.full_width;
  result.height = photo.full_height;
  result.warning = photo.warning;
  result.reduce = photo.reduce;
  if (photo.reduce == 1) return;
  result.min_face *= static_cast<float>(photo.reduce);
  for (Face& face : result.faces) face.box = photo.in_full_photo(face.box);
}

}  // namespace facet::detail
