// SPDX-License-Identifier: Apache-2.0
#include "speed_row.hpp"

#include <algorithm>
#include <cstdio>

#include "facet/error.hpp"

namespace facet::bench {
namespace {

// Enough digits for nanoseconds and thousands alike.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return text;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  if (values.empty()) throw Error(ErrorCode::invalid_argument, "nothing was measured");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

std::string row_line(const SpeedRow& row) {
  std::string line = "row";
  for (const std::string& field :
       {row.what, row.implementation, row.model, std::to_string(row.threads), row.precision,
        row.version, number(row.value.minimum), number(row.value.median), number(row.value.maximum),
        row.unit, row.remark}) {
    line += '\t' + field;
  }
  return line + '\n';
}

}  // namespace facet::bench
