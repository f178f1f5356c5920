// SPDX-License-Identifier: Apache-2.0
// facet label: what people say about faces, into the index.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

void add_label_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
