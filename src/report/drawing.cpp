// What the drawing functions are outside of their library: a call into it.
#include <dlfcn.h>

#include <filesystem>
#include <string>

#include "facet/error.hpp"
#include "report/drawing_module.hpp"

namespace facet {
namespace {

constexpr const char* kLibrary = "libfacet_drawing.so";

// Beside the program, as it is built, or where it is installed; else where the system looks.
void* open_library() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& file :
       {folder / kLibrary, folder.parent_path() / "lib" / "facet" / kLibrary}) {
    if (!fs::exists(file, error)) continue;
    if (void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    throw Error(ErrorCode::io, std::string("drawing is not possible: ") + ::dlerror());
  }
  return ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
}

// The library stays loaded, as libraries of a program do.
const detail::DrawingFunctions& load_drawing() {
  void* library = open_library();
  void* symbol = library != nullptr ? ::dlsym(library, detail::kDrawingSymbol) : nullptr;
  if (symbol == nullptr) {
    throw Error(ErrorCode::not_found, std::string("drawing is not possible: ") + ::dlerror());
  }
  return *reinterpret_cast<detail::GetDrawingFunctions>(symbol)();
}

const detail::DrawingFunctions& drawing() {
  static const detail::DrawingFunctions& functions = load_drawing();
  return functions;
}

}  // namespace

Image annotate(const Image& photo, const PhotoResult& result,
               const std::vector<std::string>& attribute_names) {
  return drawing().annotate(photo, result, attribute_names);
}

HeatMap merge_scales(std::span<const ScaleMap> scales, int stride, int photo_width,
                     int photo_height, int longest_side) {
  return drawing().merge_scales(scales, stride, photo_width, photo_height, longest_side);
}

Image draw_map(const Image& photo, const HeatMap& map, float low, float high) {
  return drawing().draw_map(photo, map, low, high);
}

}  // namespace facet
