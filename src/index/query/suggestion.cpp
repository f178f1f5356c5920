// SPDX-License-Identifier: Apache-2.0
#include "index/query/suggestion.hpp"

#include <algorithm>
#include <utility>

namespace facet::detail {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the table for the prefixes of `a`: the one before last, the last, this.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::vector<std::string> near_words(std::string_view typed, std::span<const std::string> words,
                                    std::size_t most) {
  constexpr std::size_t longest = 100;  // nobody mistypes more
  if (typed.size() > longest) return {};
  const std::size_t slips = std::max<std::size_t>(1, typed.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& word : words) {
    const bool begins = typed.size() >= 3 && word.starts_with(typed);
    const std::size_t distance = edit_distance(typed, word);
    if (distance > slips && !begins) continue;
    near.emplace_back(begins ? std::min(distance, slips) : distance, word);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  std::vector<std::string> out;
  for (auto& [distance, word] : near) {
    if (out.size() < most) out.push_back(std::move(word));
  }
  return out;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string> words,
                         std::string_view suffix, std::string_view otherwise) {
  const std::vector<std::string> near = near_words(typed, words);
  if (near.empty()) return std::string(otherwise);
  std::string text = "; did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text.append("\"").append(near[i]).append(suffix).append("\"");
  }
  return text + "?";
}

}  // namespace facet::detail
