// SPDX-License-Identifier: Apache-2.0
// The program that holds all commands, where facet itself holds only those that must start fast.
#pragma once

#include <optional>
#include <string>

namespace facet::cli {

// Becomes facet-research, with the same arguments, where that lies beside this program and the
// first argument names none of the commands that are here, as with --help. Otherwise returns.
void become_research_program(int argc, char** argv);

// The command that is asked for, where it is one that only facet-research has.
std::optional<std::string> research_command(int argc, char** argv);

}  // namespace facet::cli
