// SPDX-License-Identifier: Apache-2.0
// Queries as people say them: "a smiling woman with wavy hair, without a hat".
#pragma once

#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"

namespace facet::detail {

// The same in words of the vocabulary: smiling woman wavy_hair -hat. "with", "a" and the like are
// left out; "without" and "no" mean not, of what comes next; words that are known only together
// become one. What the vocabulary knows stays as it is, whatever it is called. Throws QueryError
// where nothing comes after "without".
QueryNode spoken_query(const QueryNode& query, const Vocabulary& vocabulary);

}  // namespace facet::detail
