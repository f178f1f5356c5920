// SPDX-License-Identifier: Apache-2.0
#include "dataset/commands.hpp"

#include <algorithm>
#include <set>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

std::string counted(std::ptrdiff_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::ptrdiff_t count_of(std::span<const Finding> findings, Finding::Level level) {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.level == level; });
}

}  // namespace

std::string format_findings(std::span<const Finding> findings) {
  std::string text;
  for (const Finding& finding : findings) {
    if (finding.level == Finding::Level::error) text += "error: ";
    if (finding.level == Finding::Level::warning) text += "warning: ";
    text += finding.message + "\n";
  }
  return text + counted(count_of(findings, Finding::Level::error), "error") + ", " +
         counted(count_of(findings, Finding::Level::warning), "warning") + "\n";
}

bool has_errors(std::span<const Finding> findings) {
  return count_of(findings, Finding::Level::error) > 0;
}

std::vector<const LabelledPhoto*> select_photos(const Collection& collection,
                                                const PackSelection& selection) {
  std::set<std::filesystem::path> of_part;
  if (selection.scenes) {
    for (auto& path : scenes(collection.root, *selection.scenes)) of_part.insert(std::move(path));
  }
  if (selection.objects) {
    for (auto& path : objects(collection.root, *selection.objects)) of_part.insert(std::move(path));
  }
  std::vector<const LabelledPhoto*> chosen;
  for (const LabelledPhoto& photo : collection.photos) {
    const auto& partitions = selection.partitions;
    if (!partitions.empty() &&
        std::find(partitions.begin(), partitions.end(), photo.partition) == partitions.end()) {
      continue;
    }
    if ((selection.scenes || selection.objects) && !of_part.contains(photo.path)) continue;
    chosen.push_back(&photo);
  }
  if (chosen.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "no photo of " + collection.root.string() + " belongs to the selection");
  }
  const auto limit = static_cast<std::size_t>(std::max(selection.limit, 0));
  if (limit > 0 && limit < chosen.size()) {
    // Spread, so that every person and category keeps its share.
    for (std::size_t i = 0; i < limit; ++i) chosen[i] = chosen[i * chosen.size() / limit];
    chosen.resize(limit);
  }
  return chosen;
}

}  // namespace facet::detail
