// SPDX-License-Identifier: Apache-2.0
// Where training samples come from. A source draws every batch from (seed, step) alone.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace facet::training {

struct Batch {
  torch::Tensor photos;   // bytes [N, side, side, 3]
  torch::Tensor targets;  // tags: float [N, tags] of 1, 0, -1 (unknown); classes: int64 [N]
};

class SampleSource {
 public:
  virtual ~SampleSource() = default;
  // Thread-safe: a loader asks ahead.
  [[nodiscard]] virtual Batch draw(std::int64_t step, int size) const = 0;
  // Photos that count as an epoch.
  [[nodiscard]] virtual std::int64_t epoch_size() const = 0;
  // Outputs the network needs for this source.
  [[nodiscard]] virtual int outputs() const = 0;
};

// A fresh order of `count` photos every epoch; `position` counts on through the epochs.
class EpochOrder {
 public:
  EpochOrder(std::uint64_t seed, std::size_t count) : seed_(seed), count_(count) {}
  [[nodiscard]] std::size_t at(std::int64_t position) const;

 private:
  std::uint64_t seed_;
  std::size_t count_;
};

}  // namespace facet::training
