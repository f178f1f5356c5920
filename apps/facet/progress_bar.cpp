// SPDX-License-Identifier: Apache-2.0
#include "progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "base/printable_text.hpp"

namespace facet::cli {
namespace {

constexpr std::size_t worth_a_bar = 10;
constexpr int cells = 30;
constexpr auto pause = std::chrono::milliseconds(100);

std::string clock_text(double seconds) {
  const long whole = std::lround(seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace

ProgressBar::ProgressBar(std::size_t total, bool quiet)
    : total_(total),
      active_(!quiet && total >= worth_a_bar && ::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_draw_(start_) {
}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::advance() {
  ++done_;
  if (!active_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_draw_ < pause) return;
  last_draw_ = now;
  draw();
}

void ProgressBar::message(const std::string& line) {
  clear();
  std::cerr << "facet: " << detail::printable_text(line) << '\n';
}

void ProgressBar::draw() {
  const std::chrono::duration<double> elapsed = last_draw_ - start_;
  const double rate = static_cast<double>(done_) / std::max(elapsed.count(), 1e-3);
  const double left = static_cast<double>(total_ - std::min(done_, total_)) / rate;
  const auto filled = static_cast<int>(done_ * cells / total_);
  char figures[96];
  std::snprintf(figures, sizeof figures, "] %zu/%zu  %.1f photos/s  %s left", done_, total_, rate,
                clock_text(left).c_str());
  std::cerr << "\r[" << std::string(static_cast<std::size_t>(filled), '=')
            << std::string(static_cast<std::size_t>(cells - filled), ' ') << figures << "\x1b[K"
            << std::flush;
  drawn_ = true;
}

void ProgressBar::clear() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace facet::cli
