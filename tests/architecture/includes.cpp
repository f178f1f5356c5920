// SPDX-License-Identifier: Apache-2.0
#include "architecture/includes.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "architecture/rules.hpp"
#include "architecture/source_files.hpp"

namespace facet::architecture {
namespace {

bool has_word(std::string_view list, std::string_view word) {
  std::istringstream words{std::string(list)};
  for (std::string one; words >> one;) {
    if (one == word) return true;
  }
  return false;
}

bool starts_with_one_of(std::string_view text, std::string_view list) {
  std::istringstream words{std::string(list)};
  for (std::string one; words >> one;) {
    if (text.starts_with(one)) return true;
  }
  return false;
}

bool lies_below_one_of(std::string_view file, std::string_view folders) {
  std::istringstream words{std::string(folders)};
  for (std::string folder; words >> folder;) {
    if (file.starts_with(folder + '/')) return true;
  }
  return false;
}

std::string first_part(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

// The standard library's headers have no dot and no folder; C's are for the C API.
bool is_standard_header(const Include& include) {
  static const std::set<std::string> c = {"stdbool.h", "stddef.h", "stdint.h"};
  if (include.file.ends_with(".h") && c.contains(include.header)) return true;
  return include.header.find_first_of("./") == std::string::npos;
}

std::string at(const Include& include) {
  return include.file + ':' + std::to_string(include.line) + " includes " + include.header;
}

std::optional<std::string> broken_library_rule(const Include& include) {
  if (include.file.starts_with("include/") && !is_standard_header(include)) {
    return at(include) + ": public headers include the standard library and facet/ alone";
  }
  for (const LibraryRule& rule : library_rules) {
    if (starts_with_one_of(include.header, rule.headers) &&
        !lies_below_one_of(include.file, rule.in)) {
      return at(include) + ": " + std::string(rule.name) + " stays in " + std::string(rule.in);
    }
  }
  return {};
}

}  // namespace

bool is_room(std::string_view folder) {
  return has_word(inference, folder) || has_word(research, folder);
}

std::string room_of_file(std::string_view file) {
  std::string top = first_part(file);
  if (top == "include") return "public";
  if (top == "src") return first_part(file.substr(4));
  if (file.starts_with("apps/facet-server/")) return "server";
  if (top == "apps") return "command";
  return top;
}

std::string room_of_header(const Include& include) {
  if (!include.quoted) return include.header.starts_with("facet/") ? "public" : "";
  if (include.header.starts_with("facet/")) return "public";
  const std::string first = first_part(include.header);
  if (is_room(first)) return first;
  return room_of_file(include.file);  // beside the file, or below its folder
}

namespace {

// As room_of_header, but a header that is more than values counts as its room's.
std::string arrow_of(const Include& include) {
  for (const HeaderOfRoom& of : headers_of_rooms) {
    if (include.header == of.header) return std::string(of.room);
  }
  return room_of_header(include);
}

}  // namespace

std::optional<std::string> broken_rule(const Include& include) {
  if (include.header.find("../") != std::string::npos) {
    return at(include) + ": headers are named from their room on, without ../";
  }
  const std::string room = room_of_header(include);
  if (room.empty()) return broken_library_rule(include);
  const std::string from = room_of_file(include.file);
  if (room == from) return {};
  for (const ClosedRoom& rule : closed_rooms) {
    const bool open = has_word(rule.to, room) || has_word(rule.to, arrow_of(include));
    if (has_word(rule.from, from) && !open) {
      return at(include) + ": " + from + " → " + room + " is forbidden, " + std::string(rule.why);
    }
  }
  const std::string to = arrow_of(include);
  for (const ForbiddenArrow& rule : forbidden_arrows) {
    if (from != "public" && has_word(rule.from, from) && has_word(rule.to, to)) {
      return at(include) + ": " + from + " → " + to + " is forbidden, " + std::string(rule.why);
    }
  }
  return {};
}

std::optional<std::string> circle_of_rooms(const std::vector<Include>& includes) {
  std::map<std::string, std::set<std::string>> arrows;
  for (const Include& include : includes) {
    if (!include.file.starts_with("src/")) continue;
    const std::string from = room_of_file(include.file);
    const std::string to = arrow_of(include);
    if (!to.empty() && to != "public" && to != from) arrows[from].insert(to);
  }
  std::vector<std::string> way;
  std::set<std::string> done;
  std::optional<std::string> circle;
  const std::function<void(const std::string&)> visit = [&](const std::string& room) {
    if (circle || done.contains(room)) return;
    const auto seen = std::find(way.begin(), way.end(), room);
    if (seen != way.end()) {
      circle = "";
      for (auto on = seen; on != way.end(); ++on) *circle += *on + " → ";
      *circle += room;
      return;
    }
    way.push_back(room);
    for (const std::string& next : arrows[room]) visit(next);
    way.pop_back();
    done.insert(room);
  };
  std::vector<std::string> rooms;
  for (const auto& [room, to] : arrows) rooms.push_back(room);
  for (const std::string& room : rooms) visit(room);
  return circle;
}

std::vector<Include> read_includes(const std::filesystem::path& root) {
  static const std::regex directive(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  for (const std::string& file : source_files(root)) {
    if (!is_cpp(file) || file.starts_with("tests/")) continue;
    std::ifstream text(root / file);
    std::string line;
    for (int number = 1; std::getline(text, line); ++number) {
      std::smatch found;
      if (std::regex_search(line, found, directive)) {
        includes.push_back({file, number, found[2], found[1] == "\""});
      }
    }
  }
  return includes;
}

}  // namespace facet::architecture
