// SPDX-License-Identifier: Apache-2.0
#include "explain/response_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "describe/one_pass/one_pass_runner.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kSide = kRegionSide;

float dot(std::span<const float> a, std::span<const float> b) {
  // Several sums side by side, which a compiler turns into vectors.
  constexpr std::size_t lanes = 16;
  std::array<float, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += a[i + k] * b[i + k];
  }
  float sum = 0;
  for (const float one : sums) sum += one;
  for (; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// From rows of places × channels, as maps are kept, to channels × places, as weights are.
std::vector<float> by_channel(std::span<const float> map, std::size_t channels) {
  const std::size_t places = map.size() / channels;
  std::vector<float> turned(map.size());
  for (std::size_t p = 0; p < places; ++p) {
    for (std::size_t c = 0; c < channels; ++c) turned[c * places + p] = map[p * channels + c];
  }
  return turned;
}

// How a place of a layer's output lies in its input: input = step * output + start.
struct Way {
  double step = 1;
  double start = 0;
};

// Down to pixels, from the output of layer `last`; `bank` of the last locally stacked layer.
Way way_to_pixels(const NetworkSpec& spec, std::size_t last, const std::vector<int>& input_sides,
                  int bank) {
  Way way;
  bool in_bank = true;  // as long as channels keep their places
  for (std::size_t l = last + 1; l-- > 0;) {
    const Layer& layer = spec.layers[l];
    way.step *= layer.stride;
    way.start = way.start * layer.stride + (layer.kernel - 1) / 2.0 - layer.padding;
    if (layer.kind == LayerKind::local_stacked && in_bank) {
      way.start += bank * (input_sides[l] / layer.cells);
    }
    in_bank = in_bank && layer.is_pool();
  }
  way.start += 0.5;  // from a pixel's number to its middle
  return way;
}

// Banks a side that the channels of layer `last` still keep apart.
int banks_a_side(const NetworkSpec& spec, std::size_t last) {
  for (std::size_t l = last + 1; l-- > 0;) {
    if (spec.layers[l].kind == LayerKind::local_stacked) return spec.layers[l].cells - 1;
    if (!spec.layers[l].is_pool()) return 1;
  }
  return 1;
}

// A bell around `centre`, in cells of the region; what would fall outside lies at the border.
std::vector<float> bell(double centre, double width) {
  std::vector<float> share(kSide);
  const double inside = std::clamp(centre, 0.5, static_cast<double>(kSide) - 0.5);
  double sum = 0;
  for (std::size_t i = 0; i < kSide; ++i) {
    const double away = (static_cast<double>(i) + 0.5 - inside) / width;
    share[i] = static_cast<float>(std::exp(-away * away / 2));
    sum += share[i];
  }
  for (float& one : share) one = static_cast<float>(one / sum);
  return share;
}

}  // namespace

ResponseMaps::ResponseMaps(const ConceptParts& parts, const ModelParts& model) : parts_(parts) {
  const Network& anet = *model.anet;
  const std::size_t feature = anet.layer_index(parts.feature_layer);
  const Layer& layer = anet.spec().layers[feature];
  if (feature == 0 || layer.kind != LayerKind::convolution || layer.padding != 0 ||
      !layer.add.empty() || layer.kernel != parts.map_side) {
    return;
  }
  side_ = static_cast<std::size_t>(layer.kernel);
  channels_ = static_cast<std::size_t>(layer.in_channels);
  if (parts.mean_map.size() != side_ * side_ * channels_) return;
  layer_ = anet.spec().layers[feature - 1].name;
  weight_ = anet.weights(feature);
  bias_ = OnePassRunner::biases(anet, feature);
  const std::size_t size = side_ * side_ * channels_;
  const std::vector<float> mean = by_channel(parts.mean_map, channels_);
  for (std::size_t i = 0; i < parts.mean.size(); ++i) {
    average_.push_back(bias_[i] + dot(weight_.subspan(i * size, size), mean));
  }
  set_places(anet.spec(), feature - 1, model.patches);
}

void ResponseMaps::set_places(const NetworkSpec& spec, std::size_t last,
                              const PatchSettings& patches) {
  std::vector<int> sides = {patches.patch_side};
  for (std::size_t l = 0; l < last; ++l) sides.push_back(output_side(spec.layers[l], sides.back()));
  const int banks = banks_a_side(spec, last);
  banks_ = static_cast<std::size_t>(banks) * static_cast<std::size_t>(banks);
  const double cells = static_cast<double>(kSide) / patches.region_side;
  for (const bool mirrored : {false, true}) {
    if (mirrored && !patches.mirrored) continue;
    for (const int top : patches.offsets) {
      for (const int left : patches.offsets) {
        ++patches_;
        for (int bank = 0; bank < static_cast<int>(banks_); ++bank) {
          const Way down = way_to_pixels(spec, last, sides, bank / banks);
          const Way across = way_to_pixels(spec, last, sides, bank % banks);
          const double width = down.step / 2 * cells;
          for (std::size_t i = 0; i < side_; ++i) {
            const double y = top + down.start + down.step * static_cast<double>(i);
            const double x = left + across.start + across.step * static_cast<double>(i);
            places_.push_back({bell(y * cells, width)});
            places_.push_back({bell((mirrored ? patches.region_side - x : x) * cells, width)});
          }
        }
      }
    }
  }
}

// What every place of a patch adds to every neuron's sum beyond the average map, as the neuron's
// response has it: neurons × banks × places. `patch` is what the map has more than the average one.
std::vector<float> ResponseMaps::place_terms(std::span<const float> patch) const {
  constexpr float little = 1e-6F;
  const std::size_t places = side_ * side_;
  const std::size_t channels_a_bank = channels_ / banks_;
  const std::size_t terms_a_neuron = banks_ * places;
  std::vector<float> terms(average_.size() * terms_a_neuron);
  for (std::size_t i = 0; i < average_.size(); ++i) {
    const float* weight = weight_.data() + i * patch.size();
    const std::span<float> mine(terms.data() + i * terms_a_neuron, terms_a_neuron);
    for (std::size_t c = 0; c < channels_; ++c) {
      float* bank = mine.data() + c / channels_a_bank * places;
      for (std::size_t k = 0; k < places; ++k) {
        bank[k] += weight[c * places + k] * patch[c * places + k];
      }
    }
    const float before = std::accumulate(mine.begin(), mine.end(), 0.0F);
    const float sum = average_[i] + before;
    const float after = std::max(sum, 0.0F) - std::max(average_[i], 0.0F);
    const float passed = std::abs(before) > little ? after / before : (sum > 0 ? 1.0F : 0.0F);
    for (float& term : mine) term *= passed;
  }
  return terms;
}

std::vector<RegionMap> ResponseMaps::maps(std::span<const float> values,
                                          std::span<const float> weights) const {
  const std::size_t neurons = average_.size();
  const std::size_t places = side_ * side_;
  const std::size_t size = places * channels_;
  const std::vector<float> mean = by_channel(parts_.mean_map, channels_);
  std::vector<RegionMap> maps(weights.size() / neurons);
  for (RegionMap& map : maps) {
    map.side = kRegionSide;
    map.values.assign(kSide * kSide, 0.0F);
  }
  std::vector<float> at_place(banks_ * places);
  for (std::size_t p = 0; p < patches_; ++p) {
    std::vector<float> patch = by_channel(values.subspan(p * size, size), channels_);
    for (std::size_t k = 0; k < size; ++k) patch[k] -= mean[k];
    // Once for all attributes: this is nearly all of the work.
    const std::vector<float> terms = place_terms(patch);
    for (std::size_t a = 0; a < maps.size(); ++a) {
      std::fill(at_place.begin(), at_place.end(), 0.0F);
      for (std::size_t i = 0; i < neurons; ++i) {
        const float weight = weights[a * neurons + i];
        const float* term = terms.data() + i * at_place.size();
        for (std::size_t k = 0; k < at_place.size(); ++k) at_place[k] += weight * term[k];
      }
      for (std::size_t bank = 0; bank < banks_; ++bank) {
        const Splat* way = places_.data() + (p * banks_ + bank) * side_ * 2;
        for (std::size_t k = 0; k < places; ++k) {
          const float value = at_place[bank * places + k] / static_cast<float>(patches_);
          const std::vector<float>& down = way[2 * (k / side_)].share;
          const std::vector<float>& across = way[2 * (k % side_) + 1].share;
          for (std::size_t y = 0; y < kSide; ++y) {
            for (std::size_t x = 0; x < kSide; ++x) {
              maps[a].values[y * kSide + x] += value * down[y] * across[x];
            }
          }
        }
      }
    }
  }
  return maps;
}

void name_place(RegionMap& map, bool present, const PatchSettings& patches) {
  // Where things are on an upright face, in heights of the box from its centre: as on aligned
  // photos of CelebA.
  struct Zone {
    std::string_view name;
    float end;  // downwards
  };
  constexpr std::array<Zone, 5> zones = {{{"hair and forehead", -0.22F},
                                          {"eyes", -0.05F},
                                          {"nose and cheeks", 0.12F},
                                          {"mouth", 0.29F},
                                          {"chin and neck", 100.0F}}};
  constexpr std::string_view sides = "sides of the head";
  constexpr float half_width = 0.42F;  // of a face, ears included
  std::array<double, zones.size() + 1> sums{};
  double all = 0;
  const auto place = [&](int i) {
    return (static_cast<float>(i) + 0.5F) / static_cast<float>(map.side) - 0.5F;
  };
  for (int y = 0; y < map.side; ++y) {
    const float down = place(y) * patches.region_scale + patches.centre_y;
    for (int x = 0; x < map.side; ++x) {
      const float value = map.values[static_cast<std::size_t>(y * map.side + x)];
      const double support = std::max(0.0F, present ? value : -value);
      const float across = std::abs(place(x) * patches.region_scale);
      std::size_t zone = zones.size();
      if (across < half_width || down < zones[0].end) {
        zone = 0;
        while (down >= zones[zone].end) ++zone;
      }
      sums[zone] += support;
      all += support;
    }
  }
  if (all <= 0) return;
  const auto most =
      static_cast<std::size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
  map.place = most < zones.size() ? zones[most].name : sides;
  map.place_share = static_cast<float>(sums[most] / all);
}

}  // namespace facet::detail
