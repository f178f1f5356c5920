// SPDX-License-Identifier: Apache-2.0
// facet bench: how fast this machine predicts, stage by stage.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

void add_bench_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
