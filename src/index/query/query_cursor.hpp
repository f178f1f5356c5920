// SPDX-License-Identifier: Apache-2.0
// A place in the text of a query.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "index/query/query.hpp"
#include "index/query/query_error.hpp"
#include "index/query/query_text.hpp"

namespace facet::detail {

// What it takes it also passes. Where it sees nothing of the kind it stays.
class QueryCursor {
 public:
  explicit QueryCursor(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t position() const { return at_; }
  void go_back(std::size_t position) { at_ = position; }
  [[nodiscard]] QuerySpan span(std::size_t first) const { return {first, at_ - first}; }
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] bool sees(char c) const { return !at_end() && text_[at_] == c; }
  [[nodiscard]] bool sees_blank() const { return !at_end() && is_blank(text_[at_]); }

  // The whole of the UTF-8 character here.
  [[nodiscard]] QuerySpan character() const {
    std::size_t end = std::min(at_ + 1, text_.size());
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) ++end;
    return {at_, end - at_};
  }

  bool take(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (sees_blank()) ++at_;
  }

  // Between two items a comma is the same as a blank.
  [[nodiscard]] bool sees_gap() const { return sees_blank() || sees(','); }
  // Whether there was a comma.
  bool skip_gap() {
    bool comma = false;
    for (; sees_gap(); ++at_) comma = comma || sees(',');
    return comma;
  }

  template <typename Belongs>
  std::string take_while(Belongs belongs) {
    const std::size_t first = at_;
    while (!at_end() && belongs(text_[at_])) ++at_;
    return std::string(text_.substr(first, at_ - first));
  }

  // or, and, not as words of their own, in any case.
  [[nodiscard]] bool sees_operator(std::string_view name) const {
    if (text_.size() - at_ < name.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = text_[at_ + i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != name[i]) return false;
    }
    const std::size_t end = at_ + name.size();
    if (end == text_.size() || is_blank(text_[end]) || text_[end] == ')') return true;
    return text_[end] == '(';
  }

  bool take_operator(std::string_view name) {
    if (!sees_operator(name)) return false;
    at_ += name.size();
    return true;
  }

  // What stands in quotation marks, the first of which is here.
  std::string take_quoted() {
    const std::size_t first = at_++;
    std::string value;
    while (!at_end() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_++];
    }
    if (!take('"')) throw QueryError("these quotation marks are not closed", {first, 1});
    return value;
  }

  std::optional<double> take_number() {
    const char* first = text_.data() + at_;
    if (at_end() || !((*first >= '0' && *first <= '9') || *first == '.')) return std::nullopt;
    double value = 0;
    const auto read = std::from_chars(first, text_.data() + text_.size(), value);
    if (read.ec != std::errc()) return std::nullopt;
    at_ += static_cast<std::size_t>(read.ptr - first);
    return value;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace facet::detail
