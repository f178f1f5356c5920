// SPDX-License-Identifier: Apache-2.0
// Queries that nobody would think of.
#pragma once

#include <random>

#include "index/query/query.hpp"

namespace facet::detail {

// Any tree that parse_query() may return, some levels deep.
QueryNode random_query(std::mt19937& random);

}  // namespace facet::detail
