// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/sidecar_name.hpp"

namespace facet::detail {

std::string sidecar_name(std::string_view photo, SidecarHabit habit) {
  const std::size_t dot = photo.rfind('.');
  const bool has_type = dot != std::string_view::npos && dot > 0;
  if (habit == SidecarHabit::without_type && has_type) photo = photo.substr(0, dot);
  return std::string(photo) + ".xmp";
}

std::vector<std::string> sidecar_names(std::string_view photo) {
  return {sidecar_name(photo, SidecarHabit::whole_name),
          sidecar_name(photo, SidecarHabit::without_type)};
}

bool is_sidecar_name(std::string_view name) {
  return name.size() > 4 && (name.ends_with(".xmp") || name.ends_with(".XMP"));
}

}  // namespace facet::detail
