// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include "manual/completion.hpp"

namespace facet::cli {

std::string in_single_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + '\'';
}

std::string short_description(const std::string& description) {
  constexpr std::size_t most = 76;
  if (description.size() <= most) return description;
  const std::size_t space = description.rfind(' ', most);
  return description.substr(0, space == std::string::npos ? most : space) + " …";
}

namespace {

// As _arguments and _describe want texts inside their specifications.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') result += '\\';
    result += letter;
  }
  return result;
}

std::string function_of(const CommandOutline& command) {
  std::string name = "_" + command.path;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// ":FILE:_files"; empty for a flag.
std::string value_of(const OptionOutline& option) {
  if (option.kind == ValueKind::none) return "";
  std::string action = "_files";
  if (option.kind == ValueKind::folder) action = "_files -/";
  if (option.kind == ValueKind::number) action = " ";
  if (option.kind == ValueKind::choice) {
    action = "(";
    for (const std::string& choice : option.choices) {
      action += (action.size() > 1 ? " " : "") + choice;
    }
    action += ')';
  }
  return ':' + escaped(option.value) + ':' + action;
}

// A line for each name: an option may be given once, under either, or as often as one likes.
void write_option(std::ostream& out, const OptionOutline& option) {
  std::string once = "(";
  for (const std::string& name : option.names) once += (once.size() > 1 ? " " : "") + name;
  once += ')';
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    const std::string joint = option.kind == ValueKind::none ? "" : is_long ? "=" : "+";
    out << "    "
        << in_single_quotes((option.repeatable ? "*" : once) + name + joint + '[' +
                            escaped(short_description(option.description)) + ']' + value_of(option))
        << " \\\n";
  }
}

void write_positionals(std::ostream& out, const CommandOutline& command) {
  int place = 1;
  for (const OptionOutline& positional : command.positionals) {
    const std::string where = positional.repeatable ? "*" : std::to_string(place++);
    out << "    " << in_single_quotes(where + value_of(positional)) << " \\\n";
  }
}

void write_function(std::ostream& out, const CommandOutline& command) {
  out << function_of(command) << "() {\n"
      << "  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C \\\n";
  for (const OptionOutline& option : command.options) write_option(out, option);
  if (command.subcommands.empty()) {
    write_positionals(out, command);
    out << "    && return\n}\n\n";
    return;
  }
  out << "    '1:command:->command' '*::argument:->argument' && return\n"
      << "  case $state in\n  command)\n    local -a commands=(\n";
  for (const CommandOutline& sub : command.subcommands) {
    out << "      " << in_single_quotes(sub.name + ':' + escaped(sub.description)) << '\n';
  }
  out << "    )\n    _describe -t commands command commands ;;\n  argument)\n    case $line[1] "
         "in\n";
  for (const CommandOutline& sub : command.subcommands) {
    out << "    " << sub.name << ") " << function_of(sub) << " ;;\n";
  }
  out << "    esac ;;\n  esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const CommandOutline& root) {
  std::ostringstream out;
  out << "#compdef " << root.name << "\n# zsh completion of " << root.name
      << ", written by its command completion\n\n";
  for (const CommandOutline* command : all_commands(root)) write_function(out, *command);
  // As a file in fpath this runs as the function itself; sourced, it only announces it.
  out << "if [ \"$funcstack[1]\" = " << function_of(root) << " ]; then\n  " << function_of(root)
      << " \"$@\"\nelse\n  compdef " << function_of(root) << ' ' << root.name << "\nfi\n";
  return out.str();
}

}  // namespace facet::cli
