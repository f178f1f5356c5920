// SPDX-License-Identifier: Apache-2.0
#include "localise/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace facet::detail {
namespace {

constexpr int kTileCells = 160;  // sides of a tile without its margin, in cells

float positive_sum(const float* logits, int channels, float margin) {
  float sum = 0;
  for (int c = 0; c < channels; ++c) sum += std::max(0.0F, logits[c] + margin);
  return std::isfinite(sum) ? sum : 0.0F;
}

float mean(const float* values, int channels) {
  float sum = 0;
  for (int c = 0; c < channels; ++c) sum += values[c];
  return sum / static_cast<float>(channels);
}

float weighted_sum(const float* values, std::span<const float> weights) {
  float sum = 0;
  for (std::size_t c = 0; c < weights.size(); ++c) sum += weights[c] * values[c];
  return sum;
}

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

template <typename Reduce>
std::vector<float> reduce_channels(const FeatureMap& map, int n, Reduce reduce) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(map.height) * static_cast<std::size_t>(map.width));
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) values.push_back(reduce(map.at(n, y, x), map.channels));
  }
  return values;
}

// A run of cells along one axis, and the input pixels they are computed from.
struct Span {
  int first_cell = 0;  // of the part that is kept
  int cells = 0;
  int skip = 0;  // cells of margin before it
  int pixel = 0;
  int pixels = 0;
};

std::vector<Span> spans(int side, int cells, const CellGeometry& geometry) {
  const int margin = geometry.field / 2 / geometry.stride + 2;
  if (cells <= kTileCells + 2 * margin) return {{0, cells, 0, 0, side}};
  std::vector<Span> result;
  for (int first = 0; first < cells; first += kTileCells) {
    const int end = std::min(first + kTileCells, cells);
    const int begin_with_margin = std::max(0, first - margin);
    const int pixel = begin_with_margin * geometry.stride;
    const int pixel_end = end == cells ? side : std::min(side, (end + margin) * geometry.stride);
    result.push_back({first, end - first, first - begin_with_margin, pixel, pixel_end - pixel});
  }
  return result;
}

void copy_tile(const std::vector<float>& tile, int tile_width, const Span& rows,
               const Span& columns, std::vector<float>& map, int map_width) {
  if (tile.empty()) return;
  for (int y = 0; y < rows.cells; ++y) {
    const auto from = tile.begin() + (rows.skip + y) * tile_width + columns.skip;
    std::copy(from, from + columns.cells,
              map.begin() + static_cast<std::ptrdiff_t>(rows.first_cell + y) * map_width +
                  columns.first_cell);
  }
}

// Cells centred more than half a cell outside the photo saw repeated border: they prove nothing.
void silence_outside(ScaleMap& map, int photo_width, int photo_height) {
  const float slack = map.step / 2;
  const auto inside = [slack](float place, int side) {
    return place >= -slack && place <= static_cast<float>(side) + slack;
  };
  for (int y = 0; y < map.height; ++y) {
    const bool row_inside = inside(map.first_y + static_cast<float>(y) * map.step, photo_height);
    for (int x = 0; x < map.width; ++x) {
      if (row_inside && inside(map.first_x + static_cast<float>(x) * map.step, photo_width)) {
        continue;
      }
      map.evidence[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) +
                   static_cast<std::size_t>(x)] = 0;
    }
  }
}

}  // namespace

EvidenceNetwork::EvidenceNetwork(const Network& network, const std::string& evidence_layer,
                                 const std::string& response_layer, float margin,
                                 Precision precision)
    : network_(&network),
      runner_(network, precision),
      evidence_layer_(network.layer_index(evidence_layer)),
      with_response_(!response_layer.empty()),
      margin_(margin),
      geometry_(cell_geometry(network.spec(), evidence_layer_)) {
  if (!with_response_) return;
  response_layer_ = network.layer_index(response_layer);
  runner_.keep(response_layer_);
  runner_.keep(evidence_layer_);
}

void EvidenceNetwork::add_tag_response() {
  with_tag_response_ = with_response_;
  if (!with_response_ || !reads_channels(*network_, evidence_layer_)) return;
  runner_.keep(evidence_layer_ - 1);
  votes_ = channel_votes(*network_, evidence_layer_);
}

EvidenceNetwork EvidenceNetwork::of_response(const Network& network,
                                             const std::string& response_layer,
                                             Precision precision) {
  EvidenceNetwork result(network, response_layer, response_layer, 0, precision);
  result.ranks_by_response_ = true;
  return result;
}

std::vector<CellMap> EvidenceNetwork::run(std::span<const Image> photos) {
  runner_.set_input(photos);
  const std::size_t last =
      with_response_ ? std::max(evidence_layer_, response_layer_) : evidence_layer_;
  const FeatureMap& top = runner_.run(last);
  const FeatureMap& logits = last == evidence_layer_ ? top : runner_.output(evidence_layer_);
  std::vector<CellMap> maps(photos.size());
  for (int n = 0; n < logits.count; ++n) {
    CellMap& map = maps[static_cast<std::size_t>(n)];
    map.height = logits.height;
    map.width = logits.width;
    map.evidence = reduce_channels(logits, n, [this](const float* values, int channels) {
      if (ranks_by_response_) return mean(values, channels);
      if (shown_tag_) return positive_sum(values + *shown_tag_, 1, margin_);
      return positive_sum(values, channels, margin_);
    });
  }
  if (with_response_) {
    const FeatureMap& features = last == response_layer_ ? top : runner_.output(response_layer_);
    for (int n = 0; n < features.count; ++n) {
      CellMap& map = maps[static_cast<std::size_t>(n)];
      map.response = reduce_channels(features, n, mean);
      if (with_tag_response_ && votes_.empty()) map.tag_response = map.response;
    }
  }
  if (!votes_.empty()) {
    const FeatureMap& features = runner_.output(evidence_layer_ - 1);
    for (int n = 0; n < features.count; ++n) {
      maps[static_cast<std::size_t>(n)].tag_response = reduce_channels(
          features, n, [this](const float* values, int) { return weighted_sum(values, votes_); });
    }
  }
  return maps;
}

ScaleMap EvidenceNetwork::run_level(Octaves& photo, const Level& level) {
  ScaleMap result;
  result.scale = level.scale;
  result.height = map_side(network_->spec(), evidence_layer_, level.height);
  result.width = map_side(network_->spec(), evidence_layer_, level.width);
  result.step = static_cast<float>(geometry_.stride) / level.scale;
  result.first_x = (geometry_.centre - static_cast<float>(level.left)) / level.scale;
  result.first_y = (geometry_.centre - static_cast<float>(level.top)) / level.scale;
  const std::size_t cells =
      static_cast<std::size_t>(result.height) * static_cast<std::size_t>(result.width);
  result.evidence.resize(cells);
  if (with_response_) {
    result.response.resize(cells);
    if (with_tag_response_) result.tag_response.resize(cells);
  }
  for (const Span& rows : spans(level.height, result.height, geometry_)) {
    for (const Span& columns : spans(level.width, result.width, geometry_)) {
      const Image tile =
          photo.cut(level.photo_window(columns.pixel, rows.pixel, columns.pixels, rows.pixels),
                    columns.pixels, rows.pixels);
      const CellMap map = run(std::span(&tile, 1)).front();
      copy_tile(map.evidence, map.width, rows, columns, result.evidence, result.width);
      copy_tile(map.response, map.width, rows, columns, result.response, result.width);
      copy_tile(map.tag_response, map.width, rows, columns, result.tag_response, result.width);
    }
  }
  silence_outside(result, photo.width(), photo.height());
  return result;
}

}  // namespace facet::detail
