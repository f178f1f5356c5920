// SPDX-License-Identifier: Apache-2.0
#include "manual/manual_page.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

namespace facet::cli {
namespace {

std::string page_name(const CommandOutline& command) {
  std::string name = command.path;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

// Text that means nothing to roff.
std::string plain(std::string_view text) {
  std::string result;
  if (text.starts_with('.') || text.starts_with('\'')) result += "\\&";
  for (const char letter : text) {
    switch (letter) {
      case '\\':
        result += "\\e";
        break;
      case '-':
        result += "\\-";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '`':
        result += "\\(ga";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '~':
        result += "\\(ti";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + plain(text) + "\\fR";
}
std::string slanted(std::string_view text) {
  return "\\fI" + plain(text) + "\\fR";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void write_lines_as_they_are(std::ostream& page, const std::vector<std::string>& lines) {
  page << ".nf\n";
  for (const std::string& line : lines) page << plain(line) << '\n';
  page << ".fi\n";
}

struct Paragraph {
  std::string heading;  // "Examples:" above indented lines
  std::vector<std::string> lines;
};

std::vector<Paragraph> paragraphs_of(const std::string& footer) {
  std::vector<Paragraph> paragraphs(1);
  for (const std::string& line : lines_of(footer)) {
    Paragraph& last = paragraphs.back();
    if (line.empty()) {
      if (!last.lines.empty()) paragraphs.emplace_back();
    } else if (last.lines.size() == 1 && line.starts_with("  ") && last.lines[0].ends_with(':')) {
      last = {last.lines[0].substr(0, last.lines[0].size() - 1), {line}};
    } else {
      last.lines.push_back(line);
    }
  }
  if (paragraphs.back().lines.empty()) paragraphs.pop_back();
  return paragraphs;
}

void write_name(std::ostream& page, const OptionOutline& option) {
  for (std::size_t i = 0; i < option.names.size(); ++i) {
    page << (i > 0 ? ", " : "") << bold(option.names[i]);
  }
  if (option.kind != ValueKind::none) page << ' ' << slanted(option.value);
  page << '\n';
}

void write_option(std::ostream& page, const OptionOutline& option) {
  page << ".TP\n";
  write_name(page, option);
  page << plain(option.description);
  const auto add = [&](const std::string& text) { page << ".\n" << plain(text); };
  if (!option.choices.empty()) {
    std::string list;
    for (const std::string& choice : option.choices) list += (list.empty() ? "" : ", ") + choice;
    add("One of: " + list);
  }
  if (!option.range.empty()) add("In " + option.range);
  if (!option.default_value.empty()) add("Default: " + option.default_value);
  if (option.required) add("Required");
  page << ".\n";
}

void write_synopsis(std::ostream& page, const CommandOutline& command) {
  page << ".SH SYNOPSIS\n" << bold(command.path);
  if (!command.options.empty()) page << " [" << slanted("OPTIONS") << ']';
  if (!command.subcommands.empty()) page << ' ' << slanted("COMMAND") << " ...";
  for (const OptionOutline& positional : command.positionals) {
    page << ' ' << (positional.required ? "" : "[") << slanted(positional.names[0])
         << (positional.repeatable ? " ..." : "") << (positional.required ? "" : "]");
  }
  page << '\n';
}

void write_see_also(std::ostream& page, const CommandOutline& command, const CommandOutline& root) {
  std::string list;
  for (const CommandOutline* other : all_commands(root)) {
    if (other == &command) continue;
    list += (list.empty() ? "" : ",\n") + bold(page_name(*other)) + "(1)";
  }
  page << ".SH SEE ALSO\n" << list << '\n';
}

}  // namespace

std::string page_file(const CommandOutline& command) {
  return page_name(command) + ".1";
}

std::string manual_page(const CommandOutline& command, const CommandOutline& root,
                        const std::string& version) {
  std::string title = page_name(command);
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  std::ostringstream page;
  page << ".\\\" Written by facet from its own options.\n"
       << ".TH " << plain(title) << " 1 \"\" \"facet " << version << "\" \"facet\"\n"
       << ".SH NAME\n"
       << plain(page_name(command)) << " \\- " << plain(command.description) << '\n';
  write_synopsis(page, command);
  const std::vector<Paragraph> paragraphs = paragraphs_of(command.footer);
  page << ".SH DESCRIPTION\n"
       << plain(command.description) << (command.description.ends_with('.') ? "\n" : ".\n");
  for (const Paragraph& paragraph : paragraphs) {
    if (!paragraph.heading.empty()) continue;
    page << ".PP\n";
    for (const std::string& line : paragraph.lines) page << plain(line) << '\n';
  }
  if (!command.subcommands.empty()) {
    page << ".SH COMMANDS\n";
    for (const CommandOutline& sub : command.subcommands) {
      page << ".TP\n" << bold(sub.name) << '\n' << plain(sub.description) << ".\n";
    }
  }
  if (!command.positionals.empty()) {
    page << ".SH ARGUMENTS\n";
    for (const OptionOutline& positional : command.positionals) write_option(page, positional);
  }
  page << ".SH OPTIONS\n";
  for (const OptionOutline& option : command.options) write_option(page, option);
  for (const Paragraph& paragraph : paragraphs) {
    if (paragraph.heading.empty()) continue;
    std::string heading = paragraph.heading;
    std::transform(heading.begin(), heading.end(), heading.begin(),
                   [](unsigned char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
    page << ".SH \"" << plain(heading) << "\"\n";
    write_lines_as_they_are(page, paragraph.lines);
  }
  write_see_also(page, command, root);
  return page.str();
}

}  // namespace facet::cli
