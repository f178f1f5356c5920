// SPDX-License-Identifier: Apache-2.0
// Regions of faces in XMP: read with the names that other programs gave them, written where asked.
#pragma once

#include <span>
#include <vector>

#include "index/sidecars/xmp_packet.hpp"
#include "index/store/region_table.hpp"

namespace facet::detail {

// Regions in XMP refer to the photo as it is stored, before EXIF's orientation turns it; centre and
// sides in 0…1. These turn a region to the upright photo and back; `orientation` is EXIF's, 1…8.
NamedRegion upright_region(const NamedRegion& stored, int orientation);
NamedRegion stored_region(const NamedRegion& upright, int orientation);

// Faces with a name: regions of the Metadata Working Group, and those of Microsoft whose names are
// not among them. Of the upright photo; without sides where only the name is given.
std::vector<NamedRegion> read_face_regions(const XmpPacket& packet, int orientation);

// How the photo that regions belong to is stored.
struct RegionFrame {
  int orientation = 1;  // EXIF's
  int width = 0;        // of the upright photo
  int height = 0;
};

// Makes these the regions that facet has in the packet, as those of the Metadata Working Group,
// with names where there are. Regions of others stay; a face that one of them means (half of both
// boxes is common) gets none. True where something changed.
bool set_face_regions(XmpPacket& packet, std::span<const NamedRegion> faces,
                      const RegionFrame& frame);
// Takes away those that facet wrote, but for those that got another name since. True where there
// were some.
bool remove_face_regions(XmpPacket& packet);

}  // namespace facet::detail
