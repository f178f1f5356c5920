// SPDX-License-Identifier: Apache-2.0
// Which errors are about one photo: others of a run can still be looked at.
#pragma once

#include "facet/error.hpp"

namespace facet::detail {

inline bool is_fault_of_photo(ErrorCode code) {
  return code == ErrorCode::unreadable || code == ErrorCode::unsupported ||
         code == ErrorCode::too_large || code == ErrorCode::not_found || code == ErrorCode::io;
}

}  // namespace facet::detail
