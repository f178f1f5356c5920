// SPDX-License-Identifier: Apache-2.0
#include "index/run/index_run.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "facet/error.hpp"
#include "index/run/run_lock.hpp"
#include "photos/worker_team.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kTogether = 4;  // photos that a worker asks about at once

// The generation that photos are described by from now on.
Generation begin_generation(SqlDatabase& database, const Generation& wanted, bool reindex) {
  GenerationTable table(database);
  SqlTransaction transaction(database);
  if (database.dialect() == SqlDialect::postgres) {
    database.execute("LOCK TABLE generation IN SHARE ROW EXCLUSIVE MODE");
  }
  const auto current = table.current();
  if (current) {
    const std::string differs = difference(*current, wanted);
    if (differs.empty()) return *current;
    if (!reindex) {
      throw Error(ErrorCode::invalid_argument,
                  database.name() + ": was made with " + differs +
                      "; --reindex describes its photos anew, or name another index with --db");
    }
  }
  Generation begun = table.begin(wanted);
  transaction.commit();
  return begun;
}

// Roots that are missing, of which the index knows photos.
std::vector<std::string> missing_known_roots(const FileScan& scan, const KnownPhotos& known) {
  std::vector<std::string> roots;
  for (const std::string& root : scan.missing_roots) {
    const bool is_known =
        std::any_of(known.all().begin(), known.all().end(),
                    [&](const PhotoRow& photo) { return lies_in(photo.folder, root); });
    if (is_known) roots.push_back(root);
  }
  return roots;
}

// Roots that are not there, of which the index knows nothing either: perhaps mistyped.
std::vector<std::string> unknown_roots(const FileScan& scan,
                                       const std::vector<std::string>& known) {
  std::vector<std::string> roots;
  for (const std::string& root : scan.missing_roots) {
    std::error_code error;
    if (std::filesystem::is_directory(root, error)) continue;
    if (std::find(known.begin(), known.end(), root) == known.end()) roots.push_back(root);
  }
  return roots;
}

class Run {
 public:
  Run(SqlDatabase& database, const Generation& wanted, const IndexRunOptions& options,
      const IndexRunHooks& hooks)
      : database_(database), options_(options), hooks_(hooks), lock_(database) {
    generation_ = begin_generation(database, wanted, options.reindex);
  }

  IndexRunResult run() {
    const FileScan scan =
        options_.changed ? scan_changed(*options_.changed) : scan_folders(options_.roots);
    for (const std::string& folder : scan.unread) {
      hooks_.warn(folder + ": cannot be read; its photos stay as they are known");
    }
    const KnownPhotos known(database_);
    const IndexPlan plan = plan_run(known, scan,
                                    {options_.roots, options_.changed, options_.shard,
                                     generation_.id, options_.reindex, hooks_.settled});
    const Tombstones tombstones(database_);
    IndexWriter writer(database_, generation_, plan, tombstones, options_.written_at_once);
    IndexRunResult result;
    result.stopped = !look_at(plan, known, tombstones, writer);
    result.counts = writer.counts();
    result.unchanged = plan.unchanged;
    result.unsettled = plan.unsettled;
    result.passed_over = scan.passed_over;
    // What was not looked at may be what has moved: nothing is marked as gone then.
    if (result.stopped) return result;
    result.missing_roots = missing_known_roots(scan, known);
    result.unknown_roots = unknown_roots(scan, result.missing_roots);
    mark(plan, writer, result);
    if (lock_.try_alone()) fold_chunks(database_);
    return result;
  }

 private:
  // False where it was stopped before the end; what was found is written in any case.
  bool look_at(const IndexPlan& plan, const KnownPhotos& known, const Tombstones& tombstones,
               IndexWriter& writer) {
    struct Stopped {};
    hooks_.begin(plan.tasks.size());
    if (plan.tasks.empty()) return true;
    const ExaminationSettings settings{options_.decode, generation_.id, options_.reindex,
                                       options_.crop_side};
    const std::function<WorkFor<Examination>()> make_work = [&]() -> WorkFor<Examination> {
      const auto examiner = std::make_shared<PhotoExaminer>(
          plan, known, tombstones, settings, hooks_.make_describe(), hooks_.read_regions);
      return [examiner](ItemRange items) { return examiner->examine(items.first, items.count); };
    };
    const auto workers = static_cast<int>(
        std::min<std::size_t>(static_cast<std::size_t>(options_.workers), plan.tasks.size()));
    bool stopped = false;
    try {
      work_in_order<Examination>(plan.tasks.size(), workers, kTogether, make_work,
                                 [&](Examination found) {
                                   hooks_.looked_at(plan.tasks[found.task].file.path(), found);
                                   writer.add(std::move(found));
                                   if (hooks_.stop && hooks_.stop()) throw Stopped{};
                                 });
    } catch (const Stopped&) {
      stopped = true;
    }
    writer.finish();
    return !stopped;
  }

  // What is gone, and what is there again.
  void mark(const IndexPlan& plan, const IndexWriter& writer, IndexRunResult& result) {
    std::vector<const PhotoRow*> gone;
    for (const PhotoRow* photo : plan.missing) {
      if (!writer.was_moved(photo->id)) gone.push_back(photo);
    }
    result.gone = gone.size();
    result.returned = plan.returned.size();
    result.many_gone = gone.size() * 10 > plan.expected;
    SqlTransaction transaction(database_);
    PhotoTable photos(database_);
    for (const PhotoRow* photo : gone) photos.set_gone(photo->id, true);
    for (const std::uint32_t photo : plan.returned) photos.set_gone(photo, false);
    transaction.commit();
    // Their files are there, and what people said of them is kept by their content.
    drop(plan.left_out);
    result.left_out = plan.left_out.size();
    if (!options_.prune || (result.many_gone && !options_.prune_many)) return;
    const std::vector<std::uint32_t> dropped = prune(result.missing_roots);
    result.pruned = dropped.size();
    result.gone = static_cast<std::size_t>(
        std::count_if(gone.begin(), gone.end(), [&](const PhotoRow* photo) {
          return !std::binary_search(dropped.begin(), dropped.end(), photo->id);
        }));
  }

  // Returns the photos that were dropped, sorted.
  std::vector<std::uint32_t> prune(const std::vector<std::string>& missing_roots) {
    std::vector<std::uint32_t> dropped;
    PhotoTable(database_).each([&](const PhotoRow& photo) {
      const auto lies_in_some = [&](const std::vector<std::string>& roots) {
        return std::any_of(roots.begin(), roots.end(),
                           [&](const std::string& root) { return lies_in(photo.folder, root); });
      };
      if (!photo.gone || !lies_in_some(options_.roots) || !options_.shard.has(photo.path())) return;
      if (lies_in_some(missing_roots) && !options_.prune_missing_roots) return;
      dropped.push_back(photo.id);
    });
    std::sort(dropped.begin(), dropped.end());
    drop(dropped);
    return dropped;
  }

  void drop(std::span<const std::uint32_t> photos) {
    constexpr std::size_t together = 1000;
    for (std::size_t first = 0; first < photos.size(); first += together) {
      SqlTransaction transaction(database_);
      remove_photos(database_, photos.subspan(first, std::min(together, photos.size() - first)));
      transaction.commit();
    }
  }

  SqlDatabase& database_;
  const IndexRunOptions& options_;
  const IndexRunHooks& hooks_;
  RunLock lock_;
  Generation generation_;
};

}  // namespace

IndexRunResult run_index(SqlDatabase& database, const Generation& wanted,
                         const IndexRunOptions& options, const IndexRunHooks& hooks) {
  return Run(database, wanted, options, hooks).run();
}

}  // namespace facet::detail
