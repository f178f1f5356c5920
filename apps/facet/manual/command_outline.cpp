// SPDX-License-Identifier: Apache-2.0
#include "manual/command_outline.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace facet::cli {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char letter : text) {
    if (letter == separator) {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

// CLI11 says what a value is as "LABEL:CHECK", the check being {a,b} for choices.
void read_type(const std::string& type, OptionOutline& outline) {
  const std::size_t colon = type.find(':');
  outline.value = type.substr(0, colon);
  const std::string check = colon == std::string::npos ? "" : type.substr(colon + 1);
  constexpr std::array<std::string_view, 6> numbers = {"INT",    "UINT",     "FLOAT",
                                                       "NUMBER", "POSITIVE", "NONNEGATIVE"};
  const auto starts_as_number = [&](std::string_view text) {
    return std::any_of(numbers.begin(), numbers.end(),
                       [&](std::string_view one) { return text.starts_with(one); });
  };
  if (check.starts_with('{') && check.ends_with('}')) {
    outline.kind = ValueKind::choice;
    outline.choices = split(check.substr(1, check.size() - 2), ',');
  } else if (outline.value.find("DIR") != std::string::npos || outline.value == "FOLDER") {
    outline.kind = ValueKind::folder;
  } else if (starts_as_number(check) || starts_as_number(outline.value) || outline.value == "N" ||
             outline.value == "SCORE" || outline.value == "PIXELS") {
    outline.kind = ValueKind::number;
    const std::size_t range = check.find(" in ");
    if (range != std::string::npos) outline.range = check.substr(range + 4);
  } else {
    outline.kind = ValueKind::other;
  }
}

OptionOutline outline_of(const CLI::Option& option) {
  OptionOutline outline;
  for (const std::string& name : option.get_snames()) outline.names.push_back('-' + name);
  for (const std::string& name : option.get_lnames()) outline.names.push_back("--" + name);
  if (outline.names.empty()) outline.names.push_back(option.get_name());
  if (option.get_items_expected_max() > 0) read_type(option.get_type_name(), outline);
  outline.description = option.get_description();
  outline.default_value = option.get_default_str();
  outline.required = option.get_required();
  outline.repeatable = option.get_expected_max() > 1;
  return outline;
}

CommandOutline outline_below(const CLI::App& app, const std::string& parent,
                             const std::string& inherited_footer) {
  CommandOutline outline;
  outline.name = app.get_name();
  outline.path = parent.empty() ? outline.name : parent + ' ' + outline.name;
  outline.description = app.get_description();
  // A command without a footer of its own has its parent's.
  if (app.get_footer() != inherited_footer) outline.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->nonpositional() ? outline.options : outline.positionals)
        .push_back(outline_of(*option));
  }
  const auto visible = [](const CLI::App* sub) { return !sub->get_group().empty(); };
  for (const CLI::App* sub : app.get_subcommands(visible)) {
    outline.subcommands.push_back(outline_below(*sub, outline.path, app.get_footer()));
  }
  return outline;
}

void append(const CommandOutline& command, std::vector<const CommandOutline*>& all) {
  all.push_back(&command);
  for (const CommandOutline& sub : command.subcommands) append(sub, all);
}

}  // namespace

CommandOutline outline_of(const CLI::App& app) {
  return outline_below(app, "", "");
}

std::vector<const CommandOutline*> all_commands(const CommandOutline& root) {
  std::vector<const CommandOutline*> all;
  append(root, all);
  return all;
}

}  // namespace facet::cli
