// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/sidecar_name.hpp"

namespace facet::detail {
namespace {

constexpr std::string_view kEndings[] = {".xmp", ".XMP"};

// Without its type where it has one.
std::string_view stem(std::string_view photo) {
  const std::size_t dot = photo.rfind('.');
  return dot != std::string_view::npos && dot > 0 ? photo.substr(0, dot) : photo;
}

}  // namespace

std::string sidecar_name(std::string_view photo, SidecarHabit habit) {
  if (habit == SidecarHabit::without_type) photo = stem(photo);
  return std::string(photo).append(kEndings[0]);
}

std::vector<std::string> sidecar_names(std::string_view photo) {
  std::vector<std::string> names;
  for (const std::string_view ending : kEndings) names.push_back(std::string(photo).append(ending));
  if (stem(photo) == photo) return names;
  for (const std::string_view ending : kEndings) {
    names.push_back(std::string(stem(photo)).append(ending));
  }
  return names;
}

bool is_sidecar_name(std::string_view name) {
  for (const std::string_view ending : kEndings) {
    if (name.size() > ending.size() && name.ends_with(ending)) return true;
  }
  return false;
}

bool belongs_to_several(std::string_view sidecar, std::string_view photo) {
  return sidecar.substr(0, sidecar.size() - kEndings[0].size()) != photo;
}

}  // namespace facet::detail
