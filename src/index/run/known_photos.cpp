// SPDX-License-Identifier: Apache-2.0
#include "index/run/known_photos.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <unordered_set>

#include "facet/error.hpp"
#include "index/photo_file/content_hash.hpp"

namespace facet::detail {
namespace {

bool lies_in_any(const std::string& folder, const std::vector<std::string>& roots) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](const std::string& root) { return lies_in(folder, root); });
}

// Lies in roots, and in none of them where its scan comes.
bool left_out_of_all(const std::string& folder, const std::vector<std::string>& roots) {
  return std::all_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return !lies_in(folder, root) || is_left_out(folder, root);
  });
}

bool was_scanned(const std::string& folder, const PlanRequest& request) {
  if (!request.changed) return true;
  return std::any_of(request.changed->begin(), request.changed->end(),
                     [&](const ChangedFolder& changed) { return changed.covers(folder); });
}

}  // namespace

bool Shard::has(const std::string& path) const {
  if (of <= 1) return true;
  const ContentHash hash = content_hash(as_sql_bytes(path));
  std::uint32_t value = 0;
  std::memcpy(&value, hash.data(), sizeof value);
  return static_cast<int>(value % static_cast<std::uint32_t>(of)) == number - 1;
}

Shard read_shard(const std::string& text) {
  Shard shard;
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, shard.number);
  const bool slash = number.ec == std::errc() && number.ptr != end && *number.ptr == '/';
  const auto of = slash ? std::from_chars(number.ptr + 1, end, shard.of) : number;
  if (!slash || of.ec != std::errc() || of.ptr != end || shard.of < 1 || shard.number < 1 ||
      shard.number > shard.of) {
    throw Error(ErrorCode::invalid_argument,
                "--shard " + text + ": give the part and how many there are, such as 1/8 … 8/8");
  }
  return shard;
}

std::size_t KnownPhotos::HashContent::operator()(const ContentHash& content) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, content.data(), sizeof value);
  return value;
}

KnownPhotos::KnownPhotos(SqlDatabase& database) {
  PhotoTable(database).each([&](const PhotoRow& photo) { photos_.push_back(photo); });
  by_path_.reserve(photos_.size());
  by_content_.reserve(photos_.size());
  for (std::size_t i = 0; i < photos_.size(); ++i) {
    by_path_.emplace(photos_[i].path(), i);
    if (photos_[i].content && photos_[i].status != PhotoStatus::unreadable) {
      by_content_.emplace(*photos_[i].content, i);
    }
  }
}

const PhotoRow* KnownPhotos::at(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &photos_[found->second];
}

const PhotoRow* KnownPhotos::with_content(const ContentHash& content, int generation) const {
  const auto [first, end] = by_content_.equal_range(content);
  const PhotoRow* best = nullptr;
  for (auto at = first; at != end; ++at) {
    const PhotoRow& photo = photos_[at->second];
    const bool current = photo.generation == generation;
    if (best == nullptr || (current && best->generation != generation)) best = &photo;
  }
  return best;
}

IndexPlan plan_run(const KnownPhotos& known, const FileScan& scan, const PlanRequest& request) {
  IndexPlan plan;
  std::unordered_set<const PhotoRow*> seen;
  const auto add_task = [&](const FoundFile& file, const PhotoRow* row) {
    if (!request.settled || request.settled(file)) {
      plan.tasks.push_back({file, row});
    } else if (plan.unsettled.empty() || plan.unsettled.back() != file.folder) {
      plan.unsettled.push_back(file.folder);
    }
  };
  for (const FoundFile& file : scan.files) {
    const std::string path = file.path();
    if (!request.shard.has(path)) continue;
    const PhotoRow* row = known.at(path);
    if (row == nullptr) {
      add_task(file, nullptr);
      continue;
    }
    seen.insert(row);
    if (row->state != file.state || (request.renew && row->generation != request.described_by)) {
      add_task(file, row);
      continue;
    }
    ++plan.unchanged;
    if (row->gone) plan.returned.push_back(row->id);
  }
  for (const PhotoRow& row : known.all()) {
    if (!lies_in_any(row.folder, request.roots) || !request.shard.has(row.path())) continue;
    const bool unsure =
        lies_in_any(row.folder, scan.unread) || lies_in_any(row.folder, scan.missing_roots);
    if (!unsure && !seen.contains(&row) && left_out_of_all(row.folder, request.roots)) {
      plan.left_out.push_back(row.id);
      continue;
    }
    if (!row.gone) ++plan.expected;
    if (seen.contains(&row)) continue;
    if (row.gone) {
      if (!lies_in_any(row.folder, scan.missing_roots)) plan.absent.push_back(&row);
      continue;
    }
    if (lies_in_any(row.folder, scan.unread) || !was_scanned(row.folder, request)) continue;
    plan.missing.push_back(&row);
  }
  return plan;
}

}  // namespace facet::detail
