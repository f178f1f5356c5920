// SPDX-License-Identifier: Apache-2.0
// Another word on what LNet found and is not sure of. LNet knows where faces stand from tags alone
// and is easily taken in by round things in odd light; who sees features of faces is less so.
#pragma once

#include <span>
#include <vector>

#include "facet/image.hpp"
#include "localise/window.hpp"

namespace facet::detail {

class SecondOpinion {
 public:
  // Evidence counts at most so many times less, or more.
  static constexpr float kMostDoubt = 2.0F;
  static constexpr float kMostTrust = 1.5F;

  virtual ~SecondOpinion() = default;

  // A number from 1 / kMostDoubt to kMostTrust for each box: how much its evidence counts.
  virtual std::vector<float> weights(const ImageView& photo, std::span<const ScoredBox> found) = 0;
};

}  // namespace facet::detail
