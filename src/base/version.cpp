// SPDX-License-Identifier: Apache-2.0
#include "facet/version.hpp"

namespace facet {

std::string library_version() {
  return FACET_VERSION;
}

}  // namespace facet
