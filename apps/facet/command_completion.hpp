// SPDX-License-Identifier: Apache-2.0
// facet completion: what shells complete; and, for the build, the manual's pages.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

// Adds the command; parsing it sets the action, whose result is the exit code. To be added last:
// it tells of every other command of `app`, which must live as long as the action.
void add_completion_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
