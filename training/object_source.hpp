// SPDX-License-Identifier: Apache-2.0
// Object categories for LNet's pre-training (paper 3.1): crops and mirror images.
#pragma once

#include <memory>

#include "pack/pack_reader.hpp"
#include "sample_source.hpp"

namespace facet::training {
using namespace detail;

class ObjectSource : public SampleSource {
 public:
  ObjectSource(std::shared_ptr<const Pack> pack, std::uint64_t seed, int side, bool augment);
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override;
  [[nodiscard]] int outputs() const override { return categories_; }

 private:
  std::shared_ptr<const Pack> pack_;
  std::uint64_t seed_;
  int side_;
  bool augment_;
  int categories_ = 0;
  EpochOrder order_;
};

}  // namespace facet::training
