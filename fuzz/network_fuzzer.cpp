// SPDX-License-Identifier: Apache-2.0
// Descriptions of networks: refused with a reason, or networks that run, or say for which maps they
// do not.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "format/network_spec.hpp"
#include "format/strict_json.hpp"
#include "model/network_cost.hpp"
#include "network/network.hpp"
#include "oracle.hpp"

namespace {

using namespace facet;
using namespace facet::detail;
using namespace facet::fuzz;

constexpr int kSide = 24;

// What a network costs is no fault of its description, but a fuzzer's time.
bool is_cheap(const NetworkSpec& spec) {
  constexpr std::int64_t most = 10'000'000;
  std::int64_t sum = 0;
  for (const Layer& layer : spec.layers) {
    if (layer.channels() > 4096 || layer.kernel > 64 || layer.cells > 16) return false;
    sum += parameter_count(layer);
  }
  for (const LayerCost& cost : layer_costs(spec, kSide)) sum += cost.multiply_adds + cost.outputs;
  return sum < most;
}

WeightTensor small_numbers(std::vector<std::int64_t> shape) {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) count *= side;
  WeightTensor tensor{std::move(shape), std::vector<float>(static_cast<std::size_t>(count))};
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    tensor.values[i] = (static_cast<float>(i % 5) - 2) / 64;
  }
  return tensor;
}

WeightMap weights_for(const NetworkSpec& spec) {
  WeightMap weights;
  for (const Layer& layer : spec.layers) {
    if (!layer.has_weights()) continue;
    std::vector<std::int64_t> weight = {layer.out_channels, layer.in_channels, layer.kernel,
                                        layer.kernel};
    std::vector<std::int64_t> bias = {layer.out_channels};
    if (layer.kind != LayerKind::convolution) {
      weight.insert(weight.begin(), layer.banks());
      bias.insert(bias.begin(), layer.banks());
    }
    weights[layer.name + ".weight"] = small_numbers(weight);
    weights[layer.name + ".bias"] = small_numbers(bias);
  }
  return weights;
}

void run(const NetworkSpec& spec) {
  const Network network(spec, weights_for(spec));
  NetworkRunner runner(network, Precision::fp32);
  runner.set_input(std::vector<Image>(2, Image(kSide, kSide)));
  const FeatureMap& map = runner.run(spec.layers.size() - 1);
  expect(map.count == 2 && map.channels == spec.layers.back().channels());
  expect(std::none_of(map.values.begin(), map.values.end(),
                      [](float value) { return std::isnan(value); }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  NetworkSpec spec;
  if (!succeeds(
          [&] { spec = network_spec_from_json(parse_strictly(text_of(data, size), "network")); })) {
    return 0;
  }
  const nlohmann::json written = to_json(spec);
  expect(to_json(network_spec_from_json(written)) == written);
  if (is_cheap(spec)) succeeds([&] { run(spec); });
  return 0;
}
