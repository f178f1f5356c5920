// SPDX-License-Identifier: Apache-2.0
// facet data check, facet data pack
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace facet::cli {

// Adds the subcommand; parsing it sets `action`, whose result is the exit status. `action` must
// outlive the parsing.
void add_data_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
