// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"
#include "network/network.hpp"
#include "network/network_impl.hpp"

namespace facet::detail {

std::string Network::checksum() const {
  Sha256 hash;
  const std::string layers = to_json(impl_->spec).dump();
  hash.update(std::as_bytes(std::span(layers)));
  for (const LayerWeights& layer : impl_->weights) {
    hash.update(std::as_bytes(std::span(layer.weight.floats())));
    hash.update(std::as_bytes(std::span(layer.bias)));
  }
  return hash.finish();
}

}  // namespace facet::detail
