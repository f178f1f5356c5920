// SPDX-License-Identifier: Apache-2.0
// What a program's commands and options are, for pages and shells: read from what parses them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace facet::cli {

enum class ValueKind {
  none,  // a flag
  choice,
  folder,
  number,
  other,  // files, and words that only the user knows
};

struct OptionOutline {
  std::vector<std::string> names;  // "-f", "--format"; of a positional its name alone
  ValueKind kind = ValueKind::none;
  std::string value;                 // what the value is called, e.g. FILE; empty for flags
  std::vector<std::string> choices;  // all there are
  std::string range;                 // what numbers are taken, e.g. "[1 - 1024]"
  std::string default_value;
  std::string description;
  bool required = false;
  bool repeatable = false;
};

struct CommandOutline {
  std::string path;  // "facet model info"
  std::string name;  // "info"
  std::string description;
  std::string footer;
  std::vector<OptionOutline> options;
  std::vector<OptionOutline> positionals;
  std::vector<CommandOutline> subcommands;
};

// Hidden commands and options are left out.
CommandOutline outline_of(const CLI::App& app);

// The command and all below it, parents first.
std::vector<const CommandOutline*> all_commands(const CommandOutline& root);

}  // namespace facet::cli
