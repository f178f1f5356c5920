// SPDX-License-Identifier: Apache-2.0
// `facet model explain-fit`: finds out what a model's neurons stand for.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

// Below the command `model`.
void add_explain_fit_command(CLI::App& model, std::function<int()>& action);

}  // namespace facet::cli
