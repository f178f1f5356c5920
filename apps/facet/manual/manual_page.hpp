// SPDX-License-Identifier: Apache-2.0
// Pages for man(1).
#pragma once

#include <string>

#include "manual/command_outline.hpp"

namespace facet::cli {

// "facet-model-info.1".
std::string page_file(const CommandOutline& command);

// The page of one command in section 1; `root` for its neighbours in SEE ALSO.
std::string manual_page(const CommandOutline& command, const CommandOutline& root,
                        const std::string& version);

}  // namespace facet::cli
