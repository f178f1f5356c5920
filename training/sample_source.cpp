// SPDX-License-Identifier: Apache-2.0
#include "sample_source.hpp"

#include "augment/random.hpp"

namespace facet::training {

std::size_t EpochOrder::at(std::int64_t position) const {
  // A Feistel network on the smallest square that holds `count`, walked until it lands inside:
  // a permutation without memory, so that any position is found at once.
  const auto epoch = static_cast<std::uint64_t>(position) / count_;
  std::uint64_t half = 1;
  while (half * half < count_) ++half;
  std::uint64_t value = static_cast<std::uint64_t>(position) % count_;
  do {
    std::uint64_t left = value / half;
    std::uint64_t right = value % half;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t mixed =
          (left + detail::Random(seed_, epoch * 8 + round, right).below(half)) % half;
      left = right;
      right = mixed;
    }
    value = left * half + right;
  } while (value >= count_);
  return static_cast<std::size_t>(value);
}

}  // namespace facet::training
