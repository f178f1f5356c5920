// SPDX-License-Identifier: Apache-2.0
// How the XMP file beside a photo is called: programs have two habits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

enum class SidecarHabit {
  whole_name,    // photo.jpg.xmp: digiKam, darktable, Nextcloud
  without_type,  // photo.xmp: Lightroom, Bridge, Capture One
};

std::string sidecar_name(std::string_view photo, SidecarHabit habit);
// Both, the first habit first.
std::vector<std::string> sidecar_names(std::string_view photo);
// True for files that end in .xmp.
bool is_sidecar_name(std::string_view name);

}  // namespace facet::detail
