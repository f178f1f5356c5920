// SPDX-License-Identifier: Apache-2.0
#include "localise/cell_value.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace facet::detail {
namespace {

// True where the tags are read, cell by cell, from the channels of the layer before.
bool reads_channels(const Network& network, std::size_t tags) {
  return tags > 0 && network.spec().layers[tags].kind == LayerKind::convolution &&
         network.spec().layers[tags].kernel == 1 && network.spec().layers[tags].stride == 1;
}

// How much each of these channels speaks for tags: the sum of its positive weights; sum 1.
std::vector<float> channel_votes(const Network& network, std::size_t tags) {
  const auto channels = static_cast<std::size_t>(network.spec().layers[tags].in_channels);
  const std::span<const float> weights = network.weights(tags);
  std::vector<float> votes(channels, 0.0F);
  for (std::size_t i = 0; i < weights.size(); ++i)
    votes[i % channels] += std::max(0.0F, weights[i]);
  const float sum = std::accumulate(votes.begin(), votes.end(), 0.0F);
  for (float& vote : votes) vote = sum > 0 ? vote / sum : 1 / static_cast<float>(channels);
  return votes;
}

}  // namespace

CellValue CellValue::tag_evidence(const Network& network, const std::string& tags_layer,
                                  float margin, std::optional<int> tag) {
  CellValue value(network.layer_index(tags_layer));
  value.margin_ = margin;
  value.tag_ = tag;
  return value;
}

CellValue CellValue::mean_response(const Network& network, const std::string& layer) {
  return CellValue(network.layer_index(layer));
}

CellValue CellValue::voted_response(const Network& network, const std::string& tags_layer,
                                    const std::string& otherwise) {
  const std::size_t tags = network.layer_index(tags_layer);
  if (!reads_channels(network, tags)) return mean_response(network, otherwise);
  CellValue value(tags - 1);
  value.weights_ = channel_votes(network, tags);
  return value;
}

float CellValue::of(std::span<const float> channels) const {
  float sum = 0;
  if (margin_) {
    const auto tags = tag_ ? channels.subspan(static_cast<std::size_t>(*tag_), 1) : channels;
    for (const float logit : tags) sum += std::max(0.0F, logit + *margin_);
  } else if (!weights_.empty()) {
    for (std::size_t c = 0; c < weights_.size(); ++c) sum += weights_[c] * channels[c];
  } else {
    for (const float channel : channels) sum += channel;
    sum /= static_cast<float>(channels.size());
  }
  return std::isfinite(sum) ? sum : 0.0F;
}

}  // namespace facet::detail
