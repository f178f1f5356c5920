// SPDX-License-Identifier: Apache-2.0
// facet formats: which photos this installation reads.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

void add_formats_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
