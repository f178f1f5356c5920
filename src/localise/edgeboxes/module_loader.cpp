#include "localise/edgeboxes/module_loader.hpp"

#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <string>
#include <system_error>

#include "facet/error.hpp"

namespace facet {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "libfacet_edgeboxes.so";
constexpr int kReasonSize = 400;

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorCode::unsupported,
              "proposals by EdgeBoxes need the module " + std::string(kFile) +
                  ", built where OpenCV's ximgproc is (Debian: libopencv-contrib-dev): " + reason);
}

std::string load_error() {
  const char* text = dlerror();
  return text != nullptr ? text : "unknown reason";
}

}  // namespace

std::vector<fs::path> edge_boxes_places() {
  const char* named = std::getenv(kEdgeBoxesVariable);
  if (named != nullptr && *named != '\0') return {named};
  std::error_code error;
  std::vector<fs::path> folders = {fs::read_symlink("/proc/self/exe", error).parent_path()};
  // Where facet is part of a shared library: beside that.
  Dl_info home{};
  if (dladdr(reinterpret_cast<const void*>(&edge_boxes_places), &home) != 0) {
    const fs::path file(home.dli_fname);
    // The program itself goes by the name that it was called by, which may be anything.
    if (file.is_absolute() && file.parent_path() != folders[0]) {
      folders.push_back(file.parent_path());
    }
  }
  std::vector<fs::path> places;
  for (const fs::path& folder : folders) {
    places.push_back(folder / kFile);
    places.push_back(folder.parent_path() / "lib" / "facet" / kFile);
  }
  return places;
}

EdgeBoxesModule::EdgeBoxesModule(const std::vector<fs::path>& places) {
  std::string tried;
  for (const fs::path& place : places) {
    std::error_code error;
    if (!fs::exists(place, error)) {
      tried += (tried.empty() ? "" : ", ") + place.string();
      continue;
    }
    // Stays loaded: to unload OpenCV's many libraries and load them again is slow and unsafe.
    void* module = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (module == nullptr) fail(load_error());
    void* function = dlsym(module, kEdgeWindowsFunction);
    if (function == nullptr) fail(place.string() + " is of another version of facet");
    find_windows_ = reinterpret_cast<FacetEdgeWindows*>(function);
    return;
  }
  fail("there is none of " + tried);
}

std::vector<FacetEdgeWindow> EdgeBoxesModule::windows(const EdgeMap& edges, float min_area,
                                                      int max_windows) const {
  const FacetEdges view{edges.strength.data(), edges.direction.data(), edges.width, edges.height};
  std::vector<FacetEdgeWindow> windows(static_cast<std::size_t>(max_windows));
  std::array<char, kReasonSize> reason{};
  const int count =
      find_windows_(&view, min_area, windows.data(), max_windows, reason.data(), kReasonSize);
  if (count < 0) throw Error(ErrorCode::unsupported, std::string("EdgeBoxes: ") + reason.data());
  windows.resize(static_cast<std::size_t>(count));
  return windows;
}

}  // namespace facet
