// SPDX-License-Identifier: Apache-2.0
// Attributes as tags in XMP, where photo programs look for them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "index/sidecars/xmp_packet.hpp"

namespace facet::detail {

struct TagChange {
  std::vector<std::string> added;  // to one of the three lists at least
  std::vector<std::string> removed;
  [[nodiscard]] bool any() const { return !added.empty() || !removed.empty(); }
};

// Makes these the tags that facet has in the packet: Smiling as dc:subject, as digiKam:TagsList
// "facet/Smiling" and as lr:hierarchicalSubject "facet|Smiling". Tags of others stay, and so does a
// dc:subject of the same word that was there before facet. No tags: takes all of facet's away.
TagChange set_tags(XmpPacket& packet, const std::set<std::string>& tags);

}  // namespace facet::detail
