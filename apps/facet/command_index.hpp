// SPDX-License-Identifier: Apache-2.0
// facet index: keeps what photos show in a database.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

// Adds the command; parsing it sets the action, whose result is the exit code.
void add_index_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
