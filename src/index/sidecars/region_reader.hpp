// SPDX-License-Identifier: Apache-2.0
// Names of faces, from inside photos and from the XMP files beside them.
#pragma once

#include <functional>
#include <string>

#include "index/run/photo_examination.hpp"

namespace facet::detail {

// From inside a photo alone, given as its bytes. Throws Error: unreadable (damaged XMP),
// unsupported (exempi is missing).
std::vector<NamedRegion> embedded_regions(std::span<const std::byte> photo);

// Thread-safe. What stands in a sidecar comes before what stands in the photo. A file that cannot
// be understood is left aside with a warning; so is all XMP where exempi is missing, with one
// warning. `warn` is called by one thread at a time.
ReadRegions make_region_reader(std::function<void(const std::string&)> warn);

}  // namespace facet::detail
