// SPDX-License-Identifier: Apache-2.0
#include "base/plugin_file.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <system_error>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& needs, const std::string& reason) {
  throw Error(ErrorCode::unsupported, needs + ": " + reason);
}

std::string load_error() {
  const char* text = dlerror();
  return text != nullptr ? text : "unknown reason";
}

}  // namespace

fs::path own_file() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  Dl_info home{};
  if (dladdr(reinterpret_cast<const void*>(&own_file), &home) == 0) return program;
  const fs::path file(home.dli_fname);
  // A program goes by the name that it was called by, which may be anything.
  if (!file.is_absolute()) return program;
  const fs::path real = fs::canonical(file, error);
  return error ? program : real;
}

std::vector<fs::path> plugin_places(const std::string& file, const char* variable) {
  const char* named = std::getenv(variable);
  if (named != nullptr && *named != '\0') return {named};
  std::error_code error;
  std::vector<fs::path> folders = {own_file().parent_path()};
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (!error && program != folders[0]) folders.push_back(program);
  std::vector<fs::path> places;
  for (const fs::path& folder : folders) {
    places.push_back(folder / file);
    places.push_back(folder / "facet" / file);  // beside an installed libfacet.so
    // From bin/ to lib/, or to lib/x86_64-linux-gnu.
    places.push_back(folder.parent_path() / FACET_LIBRARY_FOLDER / "facet" / file);
  }
  return places;
}

void* load_plugin_function(const std::vector<fs::path>& places, const std::string& symbol,
                           const std::string& needs) {
  std::string tried;
  for (const fs::path& place : places) {
    std::error_code error;
    if (!fs::exists(place, error)) {
      tried += (tried.empty() ? "" : ", ") + place.string();
      continue;
    }
    // Stays loaded: to unload many libraries and load them again is slow and unsafe.
    void* plugin = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (plugin == nullptr) fail(needs, load_error());
    void* function = dlsym(plugin, symbol.c_str());
    if (function == nullptr) fail(needs, place.string() + " is of another version of facet");
    return function;
  }
  fail(needs, "there is none of " + tried);
}

}  // namespace facet::detail
