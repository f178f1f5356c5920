// SPDX-License-Identifier: Apache-2.0
// Brings what people said into an index.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "index/labels/answers.hpp"
#include "index/sql/sql_database.hpp"

namespace facet::detail {

struct TakeOptions {
  bool reviewed = false;   // somebody looked at all of it: what was not changed counts as well
  bool allow_new = false;  // also attributes that the index does not know
  bool dry_run = false;    // only count
  std::function<void(const std::string&)> warn = [](const std::string&) {};
};

struct TakenAnswers {
  std::size_t said = 0;       // new, or another than before
  std::size_t as_before = 0;  // said before just so
  std::size_t taken_back = 0;
  std::size_t passed_over = 0;   // as facet had predicted; nobody was asked
  std::size_t without_face = 0;  // of those said: no face is known there
  std::size_t unknown = 0;  // of photos or faces that the index does not know; each is warned of
};

// All or nothing. A box means the face that shares half of both with it; where there is none it is
// kept, for a face that is found there later. Throws Error(bad_label) for an attribute that the
// index does not know, with what was perhaps meant.
TakenAnswers take_answers(SqlDatabase& database, const std::vector<FaceAnswer>& answers,
                          const TakeOptions& options);

}  // namespace facet::detail
