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
// All that it may have, the first habit first; .XMP too, as cameras' cards have it.
std::vector<std::string> sidecar_names(std::string_view photo);
// True for files that end in .xmp.
bool is_sidecar_name(std::string_view name);
// True for photo.xmp, which may be photo.cr2's as well as photo.jpg's.
bool belongs_to_several(std::string_view sidecar, std::string_view photo);

}  // namespace facet::detail
