// SPDX-License-Identifier: Apache-2.0
// Where on the face a score comes from, without gradients and without looking again and again.
//
// The feature layer reads a small map of the face, every place with weights of its own. So what a
// neuron has more than on the average map is a sum over places, and so is the score. Each place is
// shown where its patch and its bank of locally shared filters (paper, section 3.2) look.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "explain/concept_parts.hpp"
#include "facet/explain.hpp"
#include "network/network.hpp"

namespace facet::detail {

inline constexpr int kRegionSide = 24;  // of a RegionMap

// Fixed after construction; thread-safe.
class ResponseMaps {
 public:
  // `parts` and `model` must outlive it.
  ResponseMaps(const ConceptParts& parts, const ModelParts& model);

  // Whether the feature layer reads a map that fits; else there are no regions.
  [[nodiscard]] bool serve() const { return !places_.empty(); }
  // The layer whose values map() takes.
  [[nodiscard]] const std::string& layer() const { return layer_; }

  // `values` are those of that layer for all patches of a face, in the describer's order; a map a
  // row of `weights` (rows × neurons), without its place in words.
  [[nodiscard]] std::vector<RegionMap> maps(std::span<const float> values,
                                            std::span<const float> weights) const;

 private:
  struct Splat {  // how a place spreads over the region, in one direction
    std::vector<float> share;
  };
  [[nodiscard]] std::vector<float> place_terms(std::span<const float> patch) const;
  void set_places(const NetworkSpec& spec, std::size_t last, const PatchSettings& patches);

  const ConceptParts& parts_;
  std::string layer_;
  std::span<const float> weight_;  // of the feature layer: neurons × channels × side × side
  std::span<const float> bias_;
  std::size_t side_ = 0;
  std::size_t channels_ = 0;
  std::size_t banks_ = 1;  // groups of channels that look at different places
  std::size_t patches_ = 0;
  std::vector<float> average_;  // of each neuron before it is cut at 0, on the average map
  std::vector<Splat> places_;   // patch × bank × row or column × {y, x}
};

// Where most of what supports the answer lies, in words, and its share.
void name_place(RegionMap& map, bool present, const PatchSettings& patches);

}  // namespace facet::detail
