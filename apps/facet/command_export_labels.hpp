// SPDX-License-Identifier: Apache-2.0
// facet export: faces with their labels, for other programs and for people to correct.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

void add_export_labels_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
