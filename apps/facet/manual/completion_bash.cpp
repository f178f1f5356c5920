// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "manual/completion.hpp"

namespace facet::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// "facet predict --format" and its short form, as a pattern of case.
std::string pattern_of(const CommandOutline& command, const OptionOutline& option) {
  std::string pattern;
  for (const std::string& name : option.names) {
    pattern += (pattern.empty() ? "'" : " | '") + command.path + ' ' + name + '\'';
  }
  return pattern;
}

// What to do for the value of an option; nothing is said of values that are files or free words.
std::string action_for(const OptionOutline& option) {
  switch (option.kind) {
    case ValueKind::choice:
      return "__facet_offer '" + joined(option.choices) + "'";
    case ValueKind::folder:
      return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")";
    case ValueKind::number:
      return "compopt +o default +o bashdefault";
    case ValueKind::none:
    case ValueKind::other:
      break;
  }
  return ":";
}

void write_values(std::ostream& out, const std::vector<const CommandOutline*>& commands) {
  out << "  case \"$path $before\" in\n";
  for (const CommandOutline* command : commands) {
    for (const OptionOutline& option : command->options) {
      if (option.kind == ValueKind::none) continue;
      out << "    " << pattern_of(*command, option) << ") " << action_for(option)
          << "; return ;;\n";
    }
  }
  out << "  esac\n";
}

void write_words(std::ostream& out, const std::vector<const CommandOutline*>& commands) {
  out << "  case \"$path\" in\n";
  for (const CommandOutline* command : commands) {
    std::vector<std::string> options;
    std::vector<std::string> words;
    for (const OptionOutline& option : command->options) {
      options.insert(options.end(), option.names.begin(), option.names.end());
    }
    for (const CommandOutline& sub : command->subcommands) words.push_back(sub.name);
    for (const OptionOutline& positional : command->positionals) {
      words.insert(words.end(), positional.choices.begin(), positional.choices.end());
    }
    out << "    '" << command->path << "') options='" << joined(options) << "' words='"
        << joined(words) << "' ;;\n";
  }
  out << "  esac\n";
}

}  // namespace

std::string bash_completion(const CommandOutline& root) {
  const std::vector<const CommandOutline*> commands = all_commands(root);
  std::string paths;
  for (const CommandOutline* command : commands) {
    if (command != &root) paths += (paths.empty() ? "'" : " | '") + command->path + '\'';
  }
  std::ostringstream out;
  out << "# bash completion of " << root.name << R"sh(, written by its command completion
__facet_offer() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_facet() {
  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local path=)sh"
      << root.name << R"sh( options='' words='' i
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $before == '=' ]]; then
    before=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path ${COMP_WORDS[i]}" in
      )sh"
      << paths << R"sh() path+=" ${COMP_WORDS[i]}" ;;
    esac
  done
)sh";
  write_values(out, commands);
  write_words(out, commands);
  out << R"sh(  if [[ $cur == -* ]]; then
    __facet_offer "$options"
  elif [[ -n $words ]]; then
    __facet_offer "$words"
  fi
}

complete -o default -o bashdefault -F _facet )sh"
      << root.name << '\n';
  return out.str();
}

}  // namespace facet::cli
