// SPDX-License-Identifier: Apache-2.0
// A query that cannot be understood, with the place.
#pragma once

#include <string>
#include <string_view>

#include "facet/error.hpp"
#include "index/query/query.hpp"

namespace facet::detail {

// what() is one line: what is wrong, and what was perhaps meant. ErrorCode::invalid_argument.
class QueryError : public Error {
 public:
  QueryError(const std::string& message, QuerySpan span)
      : Error(ErrorCode::invalid_argument, message), span_(span) {}
  [[nodiscard]] QuerySpan span() const noexcept { return span_; }

 private:
  QuerySpan span_;
};

// Two lines, each with its end: the query, and a caret under the place with ~ under the rest of it.
// Columns are characters, not bytes; tabs and line ends of the query are shown as blanks.
std::string caret_lines(std::string_view query, QuerySpan span);

}  // namespace facet::detail
