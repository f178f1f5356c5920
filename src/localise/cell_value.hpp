// SPDX-License-Identifier: Apache-2.0
// The one number that is read from the channels of a cell of LNet's map.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "network/network.hpp"

namespace facet::detail {

class CellValue {
 public:
  // Sum of max(0, logit + margin) over the tags, or that of one tag alone (paper, figure 9).
  static CellValue tag_evidence(const Network& network, const std::string& tags_layer, float margin,
                                std::optional<int> tag = std::nullopt);
  // Mean over a layer's channels (the paper's map).
  static CellValue mean_response(const Network& network, const std::string& layer);
  // Mean of the channels that the tags are read from, each weighted by its votes: the sum of its
  // positive weights to the tags. Where there is no face most channels respond, but vote against
  // every tag. In networks without such a layer, the mean over `otherwise`.
  static CellValue voted_response(const Network& network, const std::string& tags_layer,
                                  const std::string& otherwise);

  [[nodiscard]] std::size_t layer() const { return layer_; }
  // `channels` are the layer's at one cell. Never infinite or NaN.
  [[nodiscard]] float of(std::span<const float> channels) const;

 private:
  explicit CellValue(std::size_t layer) : layer_(layer) {}

  std::size_t layer_;
  std::optional<float> margin_;  // of tags
  std::optional<int> tag_;
  std::vector<float> weights_;  // of channels, sum 1; empty: all alike
};

}  // namespace facet::detail
