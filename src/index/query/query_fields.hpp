// SPDX-License-Identifier: Apache-2.0
// What stands after a colon: faces:, date:, path:, person:, like:.
#pragma once

#include <string>

#include "index/query/query.hpp"

namespace facet::detail {

// Throws QueryError, for a field that there is not or a value that it does not take.
QueryNode read_field(const std::string& name, QuerySpan name_span, std::string value,
                     QuerySpan value_span);

}  // namespace facet::detail
