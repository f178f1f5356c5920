// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "manual/completion.hpp"

namespace facet::cli {
namespace {

std::string in_fish_quotes(const std::string& text) {
  std::string result = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + '\'';
}

std::string start_of(const CommandOutline& root, const CommandOutline& command) {
  return "complete -c " + root.name + " -n " +
         in_fish_quotes("test \"$(__facet_command)\" = " + in_fish_quotes(command.path));
}

std::string choices_of(const OptionOutline& option) {
  std::string list;
  for (const std::string& choice : option.choices) list += (list.empty() ? "" : " ") + choice;
  return " -a " + in_fish_quotes(list);
}

void write_option(std::ostream& out, const std::string& start, const OptionOutline& option) {
  out << start;
  for (const std::string& name : option.names) {
    out << (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
  }
  switch (option.kind) {
    case ValueKind::none:
      break;
    case ValueKind::choice:
      out << " -x" << choices_of(option);
      break;
    case ValueKind::folder:
      out << " -x -a '(__fish_complete_directories)'";
      break;
    case ValueKind::number:
      out << " -x";
      break;
    case ValueKind::other:
      out << " -r -F";
  }
  out << " -d " << in_fish_quotes(short_description(option.description)) << '\n';
}

}  // namespace

std::string fish_completion(const CommandOutline& root) {
  const std::vector<const CommandOutline*> commands = all_commands(root);
  std::ostringstream out;
  out << "# fish completion of " << root.name << R"fish(, written by its command completion
function __facet_command
  set -l path )fish"
      << root.name
      << "\n  for word in (commandline -opc)[2..-1]\n    if contains -- \"$path $word\"";
  for (const CommandOutline* command : commands) {
    if (command != &root) out << ' ' << in_fish_quotes(command->path);
  }
  out << R"fish(
      set path "$path $word"
    end
  end
  echo $path
end

)fish";
  for (const CommandOutline* command : commands) {
    const std::string start = start_of(root, *command);
    for (const CommandOutline& sub : command->subcommands) {
      out << start << " -f -a " << in_fish_quotes(sub.name) << " -d "
          << in_fish_quotes(sub.description) << '\n';
    }
    for (const OptionOutline& positional : command->positionals) {
      if (positional.kind != ValueKind::choice) continue;
      out << start << " -f" << choices_of(positional) << '\n';
    }
    for (const OptionOutline& option : command->options) write_option(out, start, option);
  }
  return out.str();
}

}  // namespace facet::cli
