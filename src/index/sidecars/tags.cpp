// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/tags.hpp"

#include <algorithm>
#include <array>

#include "index/sidecars/xmp_names.hpp"

namespace facet::detail {
namespace {

// Where programs keep tags in levels, and what stands before ours there.
struct Levels {
  const char* schema;
  const char* array;
  const char* before;
  bool ordered;
  bool written;  // by facet; the others are where digiKam repeats the tags that it reads
};

constexpr std::array kLevels = {
    Levels{Xmp::digikam, "digiKam:TagsList", "facet/", true, true},
    Levels{Xmp::lightroom, "lr:hierarchicalSubject", "facet|", false, true},
    Levels{Xmp::microsoft_photo, "MicrosoftPhoto:LastKeywordXMP", "facet/", false, false},
    Levels{Xmp::media_pro, "mediapro:CatalogSets", "facet|", false, false},
};
constexpr const char* kOwnWords = "facet:Subjects";

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// What facet has tagged so far.
std::set<std::string> own_tags(const XmpPacket& packet) {
  std::set<std::string> own;
  for (const Levels& levels : kLevels) {
    const std::string_view before = levels.before;
    for (const std::string& tag : packet.items(levels.schema, levels.array)) {
      if (tag.starts_with(before)) own.insert(tag.substr(before.size()));
    }
  }
  for (const std::string& word : packet.items(Xmp::facet, kOwnWords)) own.insert(word);
  return own;
}

bool add_to(XmpPacket& packet, const char* schema, const char* array, const std::string& word,
            bool ordered) {
  if (has(packet.items(schema, array), word)) return false;
  packet.append(schema, array, word, ordered);
  return true;
}

// True where something was missing.
bool add(XmpPacket& packet, const std::string& tag) {
  bool any = false;
  for (const Levels& levels : kLevels) {
    if (!levels.written) continue;
    any |= add_to(packet, levels.schema, levels.array, levels.before + tag, levels.ordered);
  }
  if (add_to(packet, Xmp::dublin_core, "dc:subject", tag, false)) {
    add_to(packet, Xmp::facet, kOwnWords, tag, false);
    any = true;
  }
  return any;
}

void remove(XmpPacket& packet, const std::string& tag) {
  for (const Levels& levels : kLevels) {
    packet.remove_item(levels.schema, levels.array, levels.before + tag);
  }
  if (packet.remove_item(Xmp::facet, kOwnWords, tag)) {
    packet.remove_item(Xmp::dublin_core, "dc:subject", tag);
  }
}

}  // namespace

TagChange set_tags(XmpPacket& packet, const std::set<std::string>& tags) {
  TagChange change;
  for (const std::string& tag : own_tags(packet)) {
    if (tags.contains(tag)) continue;
    remove(packet, tag);
    change.removed.push_back(tag);
  }
  for (const std::string& tag : tags) {
    if (add(packet, tag)) change.added.push_back(tag);
  }
  return change;
}

}  // namespace facet::detail
