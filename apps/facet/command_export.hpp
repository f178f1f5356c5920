// SPDX-License-Identifier: Apache-2.0
// facet model export: a model's networks for other engines.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

// Adds the command to `model`; parsing it sets the action, whose result is the exit code.
void add_export_command(CLI::App& model, std::function<int()>& action);

}  // namespace facet::cli
