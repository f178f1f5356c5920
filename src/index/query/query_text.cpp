// SPDX-License-Identifier: Apache-2.0
#include "index/query/query_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace facet::detail {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80U;
}

std::int64_t day_number(sys_days at) {
  return at.time_since_epoch().count();
}

year_month_day civil(std::int64_t number) {
  return sys_days(days(static_cast<int>(number)));
}

// A number of exactly so many digits.
std::optional<int> read_digits(std::string_view text, std::size_t count) {
  if (text.size() != count) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string print_day(std::int64_t number) {
  const year_month_day at = civil(number);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(at.year()),
                static_cast<unsigned>(at.month()), static_cast<unsigned>(at.day()));
  return text.data();
}

}  // namespace

bool is_word_character(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '\'';
}

bool is_value_character(char c) {
  constexpr std::string_view others = "/.,*?+=@#%&~:;!$^[]{}<>";
  return is_word_character(c) || others.find(c) != std::string_view::npos;
}

bool is_operator_word(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower == "or" || lower == "and" || lower == "not";
}

std::optional<QueryRange> read_day(std::string_view text) {
  const auto in_year = read_digits(text.substr(0, 4), 4);
  if (!in_year) return std::nullopt;
  const year y(*in_year);
  if (text.size() == 4) {
    return QueryRange{day_number(y / 1 / 1), day_number(y / 12 / 31)};
  }
  if (text.size() < 7 || text[4] != '-') return std::nullopt;
  const auto in_month = read_digits(text.substr(5, 2), 2);
  if (!in_month || !month(static_cast<unsigned>(*in_month)).ok()) return std::nullopt;
  const auto m = y / month(static_cast<unsigned>(*in_month));
  if (text.size() == 7) {
    return QueryRange{day_number(m / day(1)), day_number(m / std::chrono::last)};
  }
  if (text.size() != 10 || text[7] != '-') return std::nullopt;
  const auto in_day = read_digits(text.substr(8, 2), 2);
  if (!in_day) return std::nullopt;
  const year_month_day at = m / day(static_cast<unsigned>(*in_day));
  if (!at.ok()) return std::nullopt;
  return QueryRange{day_number(at), day_number(at)};
}

std::string print_days(const QueryRange& range) {
  if (range.first == QueryRange::lowest) return "<=" + print_day(range.last);
  if (range.last == QueryRange::highest) return ">=" + print_day(range.first);
  const std::string first = print_day(range.first);
  if (range.first == range.last) return first;
  for (const std::size_t length : {std::size_t{4}, std::size_t{7}}) {
    const std::string whole = first.substr(0, length);
    if (read_day(whole) == range) return whole;
  }
  return first + ".." + print_day(range.last);
}

}  // namespace facet::detail
