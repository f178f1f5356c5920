// SPDX-License-Identifier: Apache-2.0
// What localisation is judged by, whatever found it.
#pragma once

#include "facet/box.hpp"

namespace facet::detail {

struct FoundBox {
  Box box;
  float score = 0;
  bool accepted = false;  // by the threshold of what found it
};

}  // namespace facet::detail
