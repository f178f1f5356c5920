// SPDX-License-Identifier: Apache-2.0
// XMP beside and inside photos: refused with a reason, or read, changed by facet, and as it was
// once facet has taken its changes away.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index/sidecars/embedded_xmp.hpp"
#include "index/sidecars/face_regions.hpp"
#include "index/sidecars/region_reader.hpp"
#include "index/sidecars/tags.hpp"
#include "index/sidecars/xml_check.hpp"
#include "index/sidecars/xmp_packet.hpp"
#include "oracle.hpp"

namespace {

using namespace facet;
using namespace facet::detail;
using namespace facet::fuzz;

void read_and_change(std::string_view text) {
  XmpPacket packet(text);
  for (const int orientation : {1, 6}) {
    for (const NamedRegion& region : read_face_regions(packet, orientation)) {
      expect(!region.name.empty());
    }
  }
  (void)set_tags(packet, {"Smiling", "Young"});
  const std::vector<NamedRegion> faces = {{"Anna", 0.5, 0.5, 0.2, 0.2}, {"", 0.1, 0.2, 0.1, 0.1}};
  (void)set_face_regions(packet, faces, {6, 40, 30});
  const std::string written = packet.text();
  expect(fault_of_xmp(written).empty());
  XmpPacket again(written);
  expect(!set_tags(again, {"Smiling", "Young"}).any());
  expect(!set_face_regions(again, faces, {6, 40, 30}));
  (void)set_tags(again, {});
  (void)remove_face_regions(again);
  expect(fault_of_xmp(again.text()).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  succeeds([&] { read_and_change(text); });
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const std::string& packet : find_xmp(bytes)) {
    succeeds([&] { (void)read_face_regions(XmpPacket(packet), 1); });
  }
  succeeds([&] { (void)embedded_regions(bytes); });
  return 0;
}
