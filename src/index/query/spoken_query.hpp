// SPDX-License-Identifier: Apache-2.0
// Queries as people say them: "a smiling woman with wavy hair, without a hat".
#pragma once

#include "index/query/query.hpp"
#include "index/query/vocabulary.hpp"

namespace facet::detail {

// The same in words of the vocabulary: smiling woman wavy_hair -hat. "with", "a" and the like are
// left out; words that are known only together become one. "without", "no" and the like mean not,
// of what comes next, and of what is listed with it by "and", "or" or a comma: "without hat, beard
// or glasses" is -hat -beard -glasses. Such a list ends at a word like "with" or "but", and, where
// it is of what one has, at what one is: "without hat, smiling" is -hat smiling. What the
// vocabulary knows stays as it is, whatever it is called. Throws QueryError where nothing comes
// after "without".
QueryNode spoken_query(const QueryNode& query, const Vocabulary& vocabulary);

}  // namespace facet::detail
