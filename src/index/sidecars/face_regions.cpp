// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/face_regions.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "index/sidecars/xmp_names.hpp"

namespace facet::detail {
namespace {

constexpr const char* kList = "mwg-rs:Regions/mwg-rs:RegionList";
constexpr const char* kApplied = "mwg-rs:Regions/mwg-rs:AppliedToDimensions";
constexpr float kSameFace = 0.5F;

// The description of a region that facet wrote under that name. Where somebody else names it, the
// two do not fit any more, and the region is theirs.
std::string own_description(const std::string& name) {
  return name.empty() ? "facet" : "facet: " + name;
}

std::string item(std::size_t place) {
  return std::string(kList) + '[' + std::to_string(place) + ']';
}

std::optional<double> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  double value = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), value);
  constexpr double most = 1'000'000;  // pixels
  if (read.ec != std::errc() || !(value >= -most && value <= most)) return std::nullopt;
  return value;
}

std::optional<NamedRegion> read_place(const XmpPacket& packet, const std::string& region) {
  const std::string area = region + "/mwg-rs:Area/stArea:";
  const auto x = number(packet.value(Xmp::regions, area + "x"));
  const auto y = number(packet.value(Xmp::regions, area + "y"));
  const auto w = number(packet.value(Xmp::regions, area + "w"));
  const auto h = number(packet.value(Xmp::regions, area + "h"));
  if (!x || !y || !w || !h) return std::nullopt;
  NamedRegion place{{}, *x, *y, *w, *h};
  if (packet.value(Xmp::regions, area + "unit") != "pixel") return place;
  const auto width = number(packet.value(Xmp::regions, std::string(kApplied) + "/stDim:w"));
  const auto height = number(packet.value(Xmp::regions, std::string(kApplied) + "/stDim:h"));
  if (!width || !height || *width <= 0 || *height <= 0) return std::nullopt;
  place.x /= *width;
  place.width /= *width;
  place.y /= *height;
  place.height /= *height;
  return place;
}

std::string name_of(const XmpPacket& packet, const std::string& region) {
  return packet.value(Xmp::regions, region + "/mwg-rs:Name").value_or("");
}

std::size_t count_items(const XmpPacket& packet) {
  std::size_t count = 0;
  while (packet.value(Xmp::regions, item(count + 1))) ++count;
  return count;
}

// "left, top, width, height"
std::optional<NamedRegion> read_rectangle(const std::string& text) {
  std::istringstream numbers(text);
  numbers.imbue(std::locale::classic());
  double sides[4] = {};
  for (double& side : sides) {
    if (!(numbers >> side)) return std::nullopt;
    if (numbers.peek() == ',') numbers.get();
  }
  return NamedRegion{{}, sides[0] + sides[2] / 2, sides[1] + sides[3] / 2, sides[2], sides[3]};
}

void add_microsoft_regions(const XmpPacket& packet, std::vector<NamedRegion>& found) {
  for (int i = 1;; ++i) {
    const std::string region = "MP:RegionInfo/MPRI:Regions[" + std::to_string(i) + ']';
    if (!packet.value(Xmp::photo, region)) return;
    const auto name = packet.value(Xmp::photo, region + "/MPReg:PersonDisplayName");
    if (!name || name->empty()) continue;
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const NamedRegion& other) { return other.name == *name; });
    if (known) continue;
    const auto rectangle = packet.value(Xmp::photo, region + "/MPReg:Rectangle");
    NamedRegion place = read_rectangle(rectangle.value_or("")).value_or(NamedRegion{});
    place.name = *name;
    found.push_back(std::move(place));
  }
}

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", value);
  // The locale of a program that facet is part of may write a comma.
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), ',', '.');
  return plain;
}

// Of the photo as it is stored.
void write_dimensions(XmpPacket& packet, const RegionFrame& frame) {
  const bool turned = frame.orientation >= 5;
  const std::string applied = kApplied;
  packet.make_structure(Xmp::regions, "mwg-rs:Regions");
  packet.make_structure(Xmp::regions, applied);
  packet.set_value(Xmp::regions, applied + "/stDim:w",
                   std::to_string(turned ? frame.height : frame.width));
  packet.set_value(Xmp::regions, applied + "/stDim:h",
                   std::to_string(turned ? frame.width : frame.height));
  packet.set_value(Xmp::regions, applied + "/stDim:unit", "pixel");
}

void write_region(XmpPacket& packet, const std::string& at, const NamedRegion& region) {
  packet.set_value(Xmp::regions, at + "/mwg-rs:Type", "Face");
  if (!region.name.empty()) packet.set_value(Xmp::regions, at + "/mwg-rs:Name", region.name);
  packet.set_value(Xmp::regions, at + "/mwg-rs:Description", own_description(region.name));
  const std::string area = at + "/mwg-rs:Area";
  packet.make_structure(Xmp::regions, area);
  packet.set_value(Xmp::regions, area + "/stArea:x", decimal(region.x));
  packet.set_value(Xmp::regions, area + "/stArea:y", decimal(region.y));
  packet.set_value(Xmp::regions, area + "/stArea:w", decimal(region.width));
  packet.set_value(Xmp::regions, area + "/stArea:h", decimal(region.height));
  packet.set_value(Xmp::regions, area + "/stArea:unit", "normalized");
}

}  // namespace

NamedRegion upright_region(const NamedRegion& stored, int orientation) {
  NamedRegion out = stored;
  if (orientation >= 5) std::swap(out.width, out.height);
  const double x = stored.x;
  const double y = stored.y;
  switch (orientation) {
    case 2:
      out.x = 1 - x;
      break;
    case 3:
      out.x = 1 - x;
      out.y = 1 - y;
      break;
    case 4:
      out.y = 1 - y;
      break;
    case 5:
      out.x = y;
      out.y = x;
      break;
    case 6:
      out.x = 1 - y;
      out.y = x;
      break;
    case 7:
      out.x = 1 - y;
      out.y = 1 - x;
      break;
    case 8:
      out.x = y;
      out.y = 1 - x;
      break;
    default:
      break;
  }
  return out;
}

NamedRegion stored_region(const NamedRegion& upright, int orientation) {
  // Quarter turns undo each other; all else is its own opposite.
  const int back = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
  return upright_region(upright, back);
}

std::vector<NamedRegion> read_face_regions(const XmpPacket& packet, int orientation) {
  std::vector<NamedRegion> found;
  const std::size_t count = count_items(packet);
  for (std::size_t i = 1; i <= count; ++i) {
    const auto type = packet.value(Xmp::regions, item(i) + "/mwg-rs:Type");
    const std::string name = name_of(packet, item(i));
    if (name.empty() || (type && *type != "Face")) continue;
    NamedRegion region = read_place(packet, item(i)).value_or(NamedRegion{});
    region.name = name;
    found.push_back(std::move(region));
  }
  add_microsoft_regions(packet, found);
  for (NamedRegion& region : found) {
    if (region.width > 0) region = upright_region(region, orientation);
  }
  return found;
}

bool remove_face_regions(XmpPacket& packet) {
  bool any = false;
  for (std::size_t i = count_items(packet); i > 0; --i) {
    const auto description = packet.value(Xmp::regions, item(i) + "/mwg-rs:Description");
    if (description != own_description(name_of(packet, item(i)))) continue;
    packet.remove(Xmp::regions, item(i));
    any = true;
  }
  if (any && count_items(packet) == 0) packet.remove(Xmp::regions, "mwg-rs:Regions");
  return any;
}

bool set_face_regions(XmpPacket& packet, std::span<const NamedRegion> faces,
                      const RegionFrame& frame) {
  const std::string before = packet.text();
  remove_face_regions(packet);
  std::size_t count = count_items(packet);
  std::vector<StoredBox> others;
  for (std::size_t i = 1; i <= count; ++i) {
    if (const auto place = read_place(packet, item(i))) others.push_back(box_of(*place));
  }
  for (const NamedRegion& face : faces) {
    const NamedRegion region = stored_region(face, frame.orientation);
    const bool known = std::any_of(others.begin(), others.end(), [&](const StoredBox& other) {
      return overlap(other, box_of(region)) >= kSameFace;
    });
    if (known) continue;
    if (count == 0) write_dimensions(packet, frame);
    packet.append_structure(Xmp::regions, kList);
    write_region(packet, item(++count), region);
  }
  return packet.text() != before;
}

}  // namespace facet::detail
