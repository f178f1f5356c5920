// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "index/query/query.hpp"
#include "index/query/query_text.hpp"

namespace facet::detail {
namespace {

using Kind = QueryNode::Kind;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string print_word(const std::string& word) {
  const bool plain = !word.empty() && word.front() != '-' &&
                     std::all_of(word.begin(), word.end(), is_word_character) &&
                     !is_operator_word(word);
  return plain ? word : quoted(word);
}

std::string print_value(const std::string& value) {
  const bool plain = !value.empty() && std::all_of(value.begin(), value.end(), is_value_character);
  return plain ? value : quoted(value);
}

std::string print_number(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string print_bound(const ProbabilityBound& bound) {
  constexpr std::array<const char*, 4> signs = {">", ">=", "<", "<="};
  return signs.at(static_cast<std::size_t>(bound.comparison)) + print_number(bound.value);
}

std::string print_counts(const QueryRange& counts) {
  if (counts.first == counts.last) return std::to_string(counts.first);
  if (counts.last == QueryRange::highest) return ">=" + std::to_string(counts.first);
  return std::to_string(counts.first) + ".." + std::to_string(counts.last);
}

std::string print_children(const QueryNode& node, const char* between) {
  std::string out;
  for (const QueryNode& child : node.children) {
    if (!out.empty()) out += between;
    const bool brackets = node.kind == Kind::all_of && child.kind == Kind::any_of;
    out += brackets ? '(' + print_query(child) + ')' : print_query(child);
  }
  return out;
}

}  // namespace

std::string print_query(const QueryNode& query) {
  switch (query.kind) {
    case Kind::term:
      return print_word(query.text) + (query.bound ? print_bound(*query.bound) : "");
    case Kind::faces:
      return "faces:" + print_counts(query.range);
    case Kind::date:
      return "date:" + print_days(query.range);
    case Kind::path:
      return "path:" + print_value(query.text);
    case Kind::person:
      return "person:" + print_value(query.text);
    case Kind::like:
      return "like:" + print_value(query.text);
    case Kind::negation: {
      const QueryNode& child = query.children.front();
      const bool brackets = child.kind == Kind::all_of || child.kind == Kind::any_of;
      return brackets ? "-(" + print_query(child) + ')' : '-' + print_query(child);
    }
    case Kind::all_of:
      return print_children(query, " ");
    case Kind::any_of:
      return print_children(query, " | ");
    case Kind::in_photo:
      return "photo(" + print_query(query.children.front()) + ')';
    case Kind::one_face:
      return '(' + print_query(query.children.front()) + ')';
    case Kind::every_face:
      return "all(" + print_query(query.children.front()) + ')';
  }
  return {};
}

}  // namespace facet::detail
