// SPDX-License-Identifier: Apache-2.0
// Layers in bfloat16 while a network computes; weights, statistics and the optimiser stay float32.
#pragma once

#include <torch/torch.h>

#include <string>

namespace facet::training {

enum class LayerPrecision { fp32, bf16 };

// Throws Error, beginning with `where`, for another name.
LayerPrecision precision_named(const std::string& name, const std::string& where);

// While it lives, convolutions and products of this thread run in bfloat16 (fp32: as they are).
// The backward pass follows what the forward pass did and needs no region of its own.
class PrecisionRegion {
 public:
  PrecisionRegion(LayerPrecision precision, torch::Device device);
  ~PrecisionRegion();
  PrecisionRegion(const PrecisionRegion&) = delete;
  PrecisionRegion& operator=(const PrecisionRegion&) = delete;

 private:
  void enable(bool on) const;

  bool active_;
  bool cuda_;
};

}  // namespace facet::training
