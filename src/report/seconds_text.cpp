// SPDX-License-Identifier: Apache-2.0
#include "report/seconds_text.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace facet::detail {
namespace {

std::int64_t milliseconds(double seconds) {
  return static_cast<std::int64_t>(std::llround(seconds * 1000));
}

template <typename... Values>
std::string formatted(const char* form, Values... values) {
  char text[64];  // NOLINT: what snprintf fills
  std::snprintf(text, sizeof text, form, values...);
  return text;
}

}  // namespace

std::string seconds_text(double seconds) {
  const long long all = milliseconds(seconds);
  std::string text = formatted("%lld.%03lld", all / 1000, all % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string clock_text(double seconds) {
  const long long all = milliseconds(seconds);
  const long long hours = all / 3'600'000;
  const long long minutes = all / 60'000 % 60;
  const long long rest = all % 60'000;
  if (hours == 0) return formatted("%lld:%02lld.%03lld", minutes, rest / 1000, rest % 1000);
  return formatted("%lld:%02lld:%02lld.%03lld", hours, minutes, rest / 1000, rest % 1000);
}

}  // namespace facet::detail
