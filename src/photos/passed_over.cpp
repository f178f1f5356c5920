// SPDX-License-Identifier: Apache-2.0
#include "photos/passed_over.hpp"

#include "base/printable_text.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kNamed = 5;  // the first of many names

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

std::string names_text(const std::set<std::string>& names) {
  std::string text;
  std::size_t named = 0;
  for (const std::string& name : names) {
    if (named++ == kNamed) return text + ", …";
    text += (text.empty() ? "" : ", ") + printable_text(name);
  }
  return text;
}

}  // namespace

std::vector<std::string> passed_over_texts(const PassedOver& passed_over) {
  std::vector<std::string> lines;
  if (passed_over.own_pictures > 0) {
    lines.push_back("passed over " + counted(passed_over.own_pictures, "picture") +
                    " that facet drew");
  }
  const auto add_kinds = [&](const std::map<std::string, std::size_t>& counts, const char* noun,
                             const std::string& remark) {
    std::size_t files = 0;
    std::string kinds;
    for (const auto& [extension, count] : counts) {
      files += count;
      kinds += (kinds.empty() ? "" : ", ") + std::to_string(count) + ' ' + extension;
    }
    if (files > 0) lines.push_back("passed over " + counted(files, noun) + remark + ": " + kinds);
  };
  add_kinds(passed_over.other_formats, "file", " of formats that are not read here");
  add_kinds(passed_over.videos, "video", " (facet predict --videos looks at them)");
  if (!passed_over.left_out.empty()) {
    lines.push_back("passed over folders of deleted files or thumbnails: " +
                    names_text(passed_over.left_out));
  }
  if (!passed_over.linked.empty()) {
    lines.push_back(
        "passed over " + counted(passed_over.linked.size(), "link") +
        " to folders (name a folder itself to look into it): " + names_text(passed_over.linked));
  }
  return lines;
}

}  // namespace facet::detail
