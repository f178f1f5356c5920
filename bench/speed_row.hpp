// SPDX-License-Identifier: Apache-2.0
// What benchmark programs print: a line a figure, which scripts/bench gathers into one table.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace facet::bench {

struct Spread {
  double minimum = 0;
  double median = 0;
  double maximum = 0;
};

// Throws Error(invalid_argument) for no values.
Spread spread_of(std::vector<double> values);

struct SpeedRow {
  std::string what;  // e.g. "photos a second"; rows of one `what`, threads and unit compare
  std::string implementation;  // "facet", or a peer's name
  std::string model;           // of facet's, or what the peer brings along
  int threads = 1;
  std::string precision = "fp32";
  std::string version;  // of the implementation
  Spread value;
  std::string unit;
  std::string remark;
};

// "row", then the fields, between tabs: the form that bench/speed_table.awk reads.
std::string row_line(const SpeedRow& row);

// Milliseconds that `work` takes.
template <typename Work>
double milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace facet::bench
