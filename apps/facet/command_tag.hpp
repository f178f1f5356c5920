// SPDX-License-Identifier: Apache-2.0
// facet tag: attributes as tags in XMP files beside photos.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace facet::cli {

void add_tag_command(CLI::App& app, std::function<int()>& action);

}  // namespace facet::cli
