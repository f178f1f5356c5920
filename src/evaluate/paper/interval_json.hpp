// SPDX-License-Identifier: Apache-2.0
// Intervals as stored steps keep them.
#pragma once

#include <nlohmann/json.hpp>

#include "evaluate/statistics/bootstrap.hpp"

namespace facet::detail {

inline nlohmann::json to_json(const Interval& interval) {
  return nlohmann::json::array({interval.value, interval.low, interval.high});
}

inline Interval interval_from(const nlohmann::json& numbers) {
  return {numbers.at(0), numbers.at(1), numbers.at(2)};
}

}  // namespace facet::detail
