// SPDX-License-Identifier: Apache-2.0
#include "facet/prediction.hpp"

#include <algorithm>

#include "facet/error.hpp"
#include "format/strict_json.hpp"

namespace facet {

const Attribute* Face::find(std::string_view name) const noexcept {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& one) { return one.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

const Attribute& Face::operator[](std::string_view name) const {
  if (const Attribute* found = find(name)) return *found;
  throw Error(ErrorCode::invalid_argument, "the face has no attribute " +
                                               detail::in_quotes(std::string(name)) +
                                               (attributes.empty() ? "; it was located only" : ""));
}

}  // namespace facet
