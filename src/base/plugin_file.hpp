// SPDX-License-Identifier: Apache-2.0
// Parts of facet that are loaded when they are first asked for: they bring libraries that most
// predictions do without.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "facet/error.hpp"

namespace facet::detail {

// The file that holds this code: libfacet.so, or the program that facet is linked into; empty where
// the system does not say.
std::filesystem::path own_file();

// Where the file of a plugin may be: what the environment's `variable` names, where it does; else
// beside the program or the shared library that facet is part of, in facet/ there, and in the
// folder that plugins are installed to, ../lib/facet or ../lib/x86_64-linux-gnu/facet seen from
// there.
std::vector<std::filesystem::path> plugin_places(const std::string& file, const char* variable);

// Loads the first of the places that is there, for as long as the process lives, and returns the
// address of its function `symbol`. Throws Error(unsupported): `needs` (what needs which plugin,
// and where that comes from) and what was wrong.
void* load_plugin_function(const std::vector<std::filesystem::path>& places,
                           const std::string& symbol, const std::string& needs);

// A plugin's table of functions, or why there is none. A table says first which `version` of its
// interface it has.
template <typename Table>
struct LoadedPlugin {
  const Table* table = nullptr;
  std::string fault;
};

// Never throws Error; `version` is the one that this facet speaks.
template <typename Table>
LoadedPlugin<Table> load_plugin_table(const std::vector<std::filesystem::path>& places,
                                      const std::string& symbol, const std::string& needs,
                                      decltype(Table::version) version) {
  try {
    void* function = load_plugin_function(places, symbol, needs);
    const Table* table = reinterpret_cast<const Table* (*)()>(function)();
    if (table->version == version) return {table, {}};
    return {nullptr, needs + ": the one there is of another version of facet"};
  } catch (const Error& error) {
    return {nullptr, error.what()};
  }
}

}  // namespace facet::detail
