// SPDX-License-Identifier: Apache-2.0
// Scripts by which shells complete facet's commands, options and their values.
#pragma once

#include <string>

#include "manual/command_outline.hpp"

namespace facet::cli {

std::string bash_completion(const CommandOutline& root);
std::string zsh_completion(const CommandOutline& root);
std::string fish_completion(const CommandOutline& root);

// In single quotes, as every shell reads them but fish (there a ' is escaped in another way).
std::string in_single_quotes(const std::string& text);

// One line for a list: cut at a word where it is longer than 76 bytes.
std::string short_description(const std::string& description);

}  // namespace facet::cli
