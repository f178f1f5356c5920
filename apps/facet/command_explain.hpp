// SPDX-License-Identifier: Apache-2.0
// `facet explain`: why a face is said to have its attributes.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

void add_explain_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
