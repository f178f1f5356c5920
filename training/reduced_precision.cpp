// SPDX-License-Identifier: Apache-2.0
#include "reduced_precision.hpp"

#include <ATen/autocast_mode.h>

#include "facet/error.hpp"

namespace facet::training {

LayerPrecision precision_named(const std::string& name, const std::string& where) {
  if (name == "fp32") return LayerPrecision::fp32;
  if (name == "bf16") return LayerPrecision::bf16;
  throw Error(ErrorCode::invalid_argument,
              where + ": precision '" + name + "' is neither fp32 nor bf16");
}

PrecisionRegion::PrecisionRegion(LayerPrecision precision, torch::Device device)
    : active_(precision == LayerPrecision::bf16), cuda_(device.is_cuda()) {
  if (!active_) return;
  enable(true);
  at::autocast::increment_nesting();
}

PrecisionRegion::~PrecisionRegion() {
  if (!active_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  enable(false);
}

void PrecisionRegion::enable(bool on) const {
  if (cuda_) {
    at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
    at::autocast::set_enabled(on);
  } else {
    at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
    at::autocast::set_cpu_enabled(on);
  }
}

}  // namespace facet::training
