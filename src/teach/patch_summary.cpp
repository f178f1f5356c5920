// SPDX-License-Identifier: Apache-2.0
#include "teach/patch_summary.hpp"

#include <string>

#include "facet/error.hpp"

namespace facet::detail {

PatchSummary summarise_patches(std::span<const float> values, int patches, int features, int kept,
                               std::size_t turn) {
  const auto width = static_cast<std::size_t>(features);
  const auto count = static_cast<std::size_t>(patches);
  if (values.size() != count * width) {
    throw Error(ErrorCode::invalid_argument, "a photo has " + std::to_string(values.size()) +
                                                 " features instead of " +
                                                 std::to_string(count * width));
  }
  std::vector<double> sum(width);
  for (std::size_t i = 0; i < values.size(); ++i) sum[i % width] += values[i];
  PatchSummary summary;
  for (const double value : sum) {
    summary.mean.push_back(static_cast<float>(value / static_cast<double>(count)));
  }
  for (int k = 0; k < kept; ++k) {
    const auto spread = static_cast<std::size_t>(k * patches / kept);
    const auto row = values.subspan((spread + turn) % count * width, width);
    summary.rows.insert(summary.rows.end(), row.begin(), row.end());
  }
  return summary;
}

}  // namespace facet::detail
