// SPDX-License-Identifier: Apache-2.0
// How far a long run is, for somebody who watches.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace facet::cli {

// Draws on standard error, and only where that is a terminal and there is enough to wait for.
class ProgressBar {
 public:
  // `quiet`: never draw, e.g. because results appear on the same terminal meanwhile.
  ProgressBar(std::size_t total, bool quiet);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void advance();
  // A message on standard error, above the bar.
  void message(const std::string& line);

 private:
  void draw();
  void clear();

  std::size_t total_;
  std::size_t done_ = 0;
  bool active_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_draw_;
};

}  // namespace facet::cli
