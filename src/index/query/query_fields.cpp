// SPDX-License-Identifier: Apache-2.0
#include "index/query/query_fields.hpp"

#include <charconv>
#include <functional>
#include <utility>
#include <vector>

#include "index/query/query_error.hpp"
#include "index/query/query_text.hpp"
#include "index/query/suggestion.hpp"

namespace facet::detail {
namespace {

using Kind = QueryNode::Kind;
using ReadOne = std::function<std::optional<QueryRange>(std::string_view)>;

const std::vector<std::string> fields = {"date", "faces", "like", "path", "person"};

std::optional<QueryRange> read_count(std::string_view text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t most = 1'000'000;
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() ||
      value < 0 || value > most) {
    return std::nullopt;
  }
  return QueryRange{value, value};
}

// One value, a range with .. or a comparison; empty where there is none such.
std::optional<QueryRange> read_range(std::string_view text, const ReadOne& read_one) {
  const auto after = [&](std::size_t count) { return read_one(text.substr(count)); };
  std::optional<QueryRange> one;
  if (text.starts_with(">=")) {
    if ((one = after(2))) one->last = QueryRange::highest;
    return one;
  }
  if (text.starts_with("<=")) {
    if ((one = after(2))) one->first = QueryRange::lowest;
    return one;
  }
  if (text.starts_with('>')) {
    if ((one = after(1))) one = QueryRange{one->last + 1, QueryRange::highest};
    return one;
  }
  if (text.starts_with('<')) {
    if ((one = after(1))) one = QueryRange{QueryRange::lowest, one->first - 1};
    return one;
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return read_one(text);
  QueryRange range;
  const std::string_view low = text.substr(0, dots);
  const std::string_view high = text.substr(dots + 2);
  if (low.empty() && high.empty()) return std::nullopt;
  if (!low.empty()) {
    if (!(one = read_one(low))) return std::nullopt;
    range.first = one->first;
  }
  if (!high.empty()) {
    if (!(one = read_one(high))) return std::nullopt;
    range.last = one->last;
  }
  return range;
}

QueryNode counts_node(const std::string& value, QuerySpan span) {
  auto range = read_range(value, read_count);
  if (!range) {
    throw QueryError("a count must follow, such as faces:2, faces:2..4 or faces:>=2", span);
  }
  if (range->first == QueryRange::lowest) range->first = 0;
  if (range->first > range->last) throw QueryError("no photo has so many faces", span);
  QueryNode node;
  node.kind = Kind::faces;
  node.range = *range;
  return node;
}

QueryNode days_node(const std::string& value, QuerySpan span) {
  const auto range = read_range(value, read_day);
  if (!range) {
    throw QueryError(
        "a day, a month or a year must follow, such as date:2019-07-14, date:2019-07 or "
        "date:2019..2021",
        span);
  }
  const std::int64_t first_of_all = read_day("0000")->first;
  const std::int64_t last_of_all = read_day("9999")->last;
  if (range->first > range->last || range->last < first_of_all || range->first > last_of_all) {
    throw QueryError("no day lies in this range", span);
  }
  QueryNode node;
  node.kind = Kind::date;
  node.range = *range;
  return node;
}

QueryNode text_node(Kind kind, const std::string& name, std::string value, QuerySpan span) {
  if (value.empty()) throw QueryError("nothing after " + name + ":", span);
  QueryNode node;
  node.kind = kind;
  node.text = std::move(value);
  return node;
}

}  // namespace

QueryNode read_field(const std::string& name, QuerySpan name_span, std::string value,
                     QuerySpan value_span) {
  if (value_span.count == 0) value_span = name_span;
  if (name == "faces") return counts_node(value, value_span);
  if (name == "date") return days_node(value, value_span);
  if (name == "path") return text_node(Kind::path, name, std::move(value), value_span);
  if (name == "person") return text_node(Kind::person, name, std::move(value), value_span);
  if (name == "like") return text_node(Kind::like, name, std::move(value), value_span);
  throw QueryError("there is no field \"" + name + ":\"" +
                       did_you_mean(name, fields, ":",
                                    "; there are date:, faces:, like:, path: "
                                    "and person:"),
                   name_span);
}

}  // namespace facet::detail
