// SPDX-License-Identifier: Apache-2.0
#include "command_index.hpp"

#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "exit_code.hpp"
#include "facet/error.hpp"
#include "index/run/forget.hpp"
#include "index/run/index_run.hpp"
#include "index/run/index_status.hpp"
#include "index/run/model_describer.hpp"
#include "index/sidecars/region_reader.hpp"
#include "index/store/open_index.hpp"
#include "index/watch/stop_signal.hpp"
#include "index/watch/watch_loop.hpp"
#include "merge_files.hpp"
#include "progress_bar.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct IndexCommand {
  std::vector<std::string> folders;
  std::string db;
  std::string model;
  DescribeWishes wishes;
  std::string precision;  // empty: as the index has it
  std::int64_t max_pixels = DecodeOptions().max_pixels;
  int threads = 0;
  std::string shard;
  int crop_side = 0;
  bool features = false;
  bool reindex = false;
  bool prune = false;
  bool prune_missing = false;
  bool merge = false;
  bool watch = false;
  std::optional<int> rescan;  // seconds
  bool status = false;
  bool wipe = false;
  std::vector<std::string> forget;
  std::vector<std::string> allow;
};

void say(const std::string& line) {
  std::cerr << "facet: " << line << '\n';
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::vector<std::string> roots_of(const IndexCommand& command) {
  std::vector<std::string> roots;
  for (const std::string& folder : command.folders) {
    std::error_code error;
    if (std::filesystem::is_regular_file(folder, error)) {
      throw Error(ErrorCode::invalid_argument,
                  folder + ": is a file; facet index takes folders, with all below them");
    }
    roots.push_back(absolute_root(folder));
  }
  return roots;
}

void report(const IndexRunResult& result, double seconds) {
  const IndexCounts& counts = result.counts;
  std::string line = counted(counts.added, "photo", "photos") + " added with " +
                     counted(counts.faces, "face", "faces");
  const auto also = [&](std::size_t count, const char* what) {
    if (count > 0) line += ", " + std::to_string(count) + ' ' + what;
  };
  also(counts.changed, "described anew");
  also(counts.moved, "moved");
  also(counts.copies, "copies");
  also(counts.touched, "touched");
  also(result.unchanged, "as before");
  also(result.returned, "back");
  also(counts.unreadable, "unreadable");
  also(counts.forgotten, "left out as forgotten");
  also(counts.own_pictures, "pictures that facet drew left out");
  also(result.gone, "offline");
  also(result.pruned, "dropped");
  also(result.left_out, "dropped that lie in folders of deleted files or thumbnails");
  if (!result.unsettled.empty()) line += ", others that are just being written wait";
  const std::size_t looked_at = counts.added + counts.changed + counts.copies + counts.moved +
                                counts.touched + counts.unreadable;
  if (looked_at > 0 && seconds > 0) {
    char rate[48];
    std::snprintf(rate, sizeof rate, " (%.1f photos a second)",
                  static_cast<double>(looked_at) / seconds);
    line += rate;
  }
  std::cout << line << std::endl;
}

// Said once: watching, the same would come again and again.
void report_passed_over(const IndexRunResult& result) {
  for (const std::string& text : passed_over_texts(result.passed_over)) say(text);
}

// What the user must know about photos that were not there; the exit code.
int exit_code_of(const IndexRunResult& result) {
  for (const std::string& root : result.unknown_roots) say(root + ": no such folder");
  for (const std::string& root : result.missing_roots) {
    say(root +
        ": is missing or holds no photo; its photos are marked offline and stay in the "
        "index (--prune-missing drops them)");
  }
  if (result.missing_roots.empty() && result.many_gone && result.gone > 0) {
    say("more than a tenth of the photos are gone; they are marked offline and stay in the index "
        "(--prune drops them)");
  }
  const bool gone = !result.missing_roots.empty() || !result.unknown_roots.empty() ||
                    (result.many_gone && result.gone > 0);
  return gone || result.counts.unreadable > 0 ? exit_some_unreadable : exit_ok;
}

// What workers warn of, until the thread that draws the progress bar shows it.
class WaitingWarnings {
 public:
  void add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

// Tells what a run does while it does it. `stop` may be null.
IndexRunResult run_once(SqlDatabase& database, const ModelDescriber& describer,
                        const IndexRunOptions& options, const StopSignal* stop,
                        std::function<bool(const FoundFile&)> settled) {
  std::optional<ProgressBar> progress;
  WaitingWarnings waiting;
  IndexRunHooks hooks;
  hooks.make_describe = [&] { return describer.make(); };
  hooks.begin = [&](std::size_t files) { progress.emplace(files, false); };
  hooks.looked_at = [&](const std::string& path, const Examination& found) {
    if (found.finding == Examination::Finding::unreadable) {
      progress->message(path + ": unreadable: " + found.result.reason);
    }
    for (const std::string& line : waiting.take()) progress->message(line);
    progress->advance();
  };
  hooks.warn = [&](const std::string& line) {
    if (progress) {
      progress->message(line);
    } else {
      say(line);
    }
  };
  hooks.settled = std::move(settled);
  hooks.stop = [stop] { return stop != nullptr && stop->has_come(); };
  hooks.read_regions = make_region_reader([&](const std::string& line) { waiting.add(line); });
  const IndexRunResult result = run_index(database, describer.generation(), options, hooks);
  for (const std::string& line : waiting.take()) hooks.warn(line);
  return result;
}

int run_to_the_end(SqlDatabase& database, const ModelDescriber& describer,
                   const IndexRunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const IndexRunResult result = run_once(database, describer, options, nullptr, {});
  report(result, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  report_passed_over(result);
  return exit_code_of(result);
}

// True where a run found something to tell.
bool found_something(const IndexRunResult& result) {
  const IndexCounts& counts = result.counts;
  return counts.added + counts.changed + counts.moved + counts.copies + counts.touched +
             counts.unreadable + counts.forgotten + result.gone + result.pruned + result.returned +
             result.left_out + result.missing_roots.size() >
         0;
}

int watch(const IndexCommand& command, const std::string& location, const ModelDescriber& describer,
          const IndexRunOptions& usual) {
  const StopSignal stop;
  WatchOptions options;
  options.roots = usual.roots;
  if (command.rescan) options.rescan = std::chrono::seconds(*command.rescan);
  bool first = true;
  WatchHooks hooks;
  hooks.run = [&](const std::optional<std::vector<ChangedFolder>>& changed,
                  const std::function<bool(const FoundFile&)>& settled) {
    IndexRunOptions now = usual;
    now.changed = changed;
    now.prune_many = false;  // nobody is there to see that a disk is missing
    now.reindex = usual.reindex && first;
    const auto start = std::chrono::steady_clock::now();
    // Opened anew each time: a server may have been started again meanwhile.
    const auto database = open_or_make_index(location);
    IndexRunResult result = run_once(*database, describer, now, &stop, settled);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (first || found_something(result)) {
      report(result, taken.count());
      (void)exit_code_of(result);
    }
    if (first) report_passed_over(result);
    if (std::exchange(first, false)) say("watching; end it with Ctrl-C or SIGTERM");
    return result;
  };
  hooks.say = say;
  watch_folders(options, hooks, stop.descriptor());
  say("stopped; all that was found is in the index");
  return exit_ok;
}

// As it was said last: later runs go on keeping crops.
int kept_crops(const IndexCommand& command, SqlDatabase& database) {
  if (command.crop_side > 0) {
    database.run(
        "INSERT INTO setting (name, value) VALUES ('crops', $1) ON CONFLICT (name) DO UPDATE SET "
        "value = excluded.value",
        {std::to_string(command.crop_side)});
    return command.crop_side;
  }
  const auto known = sql_text(database, "SELECT value FROM setting WHERE name = 'crops'");
  return known ? std::atoi(known->c_str()) : 0;
}

int fill(const IndexCommand& command, const std::string& location, SqlDatabase& database) {
  IndexRunOptions options;
  options.roots = roots_of(command);
  options.reindex = command.reindex;
  options.prune = command.prune || command.prune_missing;
  options.prune_missing_roots = command.prune_missing;
  options.crop_side = kept_crops(command, database);
  options.decode.max_pixels = command.max_pixels;
  options.workers = command.threads > 0
                        ? command.threads
                        : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  if (!command.shard.empty()) options.shard = read_shard(command.shard);

  const auto known = GenerationTable(database).current();
  DescribeWishes wishes = command.wishes;
  if (command.features) wishes.features = true;
  const ModelDescriber describer(load_model(command.model), wishes, known);
  if (describer.features() && command.features) {
    say("--features keeps a vector of each face. Faces can be compared by it, and that can "
        "identify "
        "people: in many places that needs their consent (docs/privacy.md)");
  }
  if (command.watch) return watch(command, location, describer, options);
  return run_to_the_end(database, describer, options);
}

int run(const IndexCommand& command) {
  if (command.merge) {
    if (!command.db.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "--merge OUT IN… names all its indexes itself, without --db");
    }
    return merge_files(command.folders);
  }
  const std::string location = index_location(command.db);
  const bool asks = command.status;
  const auto database = asks ? open_index(location) : open_or_make_index(location);
  if (asks) {
    std::cout << status_text(index_status(*database), database->name());
    return exit_ok;
  }
  Forgotten all;
  for (const std::string& what : command.forget) {
    const Forgotten forgotten = forget(*database, what);
    all.photos += forgotten.photos;
    all.faces += forgotten.faces;
  }
  if (command.wipe) wipe(*database);
  for (const std::string& path : command.allow) {
    if (!allow_again(*database, path)) {
      throw Error(ErrorCode::not_found, path + ": was not forgotten, or under another path");
    }
  }
  if (command.wipe || !command.forget.empty()) {
    erase_traces(*database);
    std::cout << (command.wipe ? std::string("wiped")
                               : "forgot " + counted(all.photos, "photo", "photos") + ", " +
                                     counted(all.faces, "face", "faces"))
              << std::endl;
  }
  if (!command.folders.empty()) return fill(command, location, *database);
  if (command.forget.empty() && command.allow.empty() && !command.wipe) {
    throw Error(ErrorCode::invalid_argument, "name the folders to index, or --status");
  }
  return exit_ok;
}

void add_options(CLI::App& sub, IndexCommand& command) {
  sub.add_option("folders", command.folders, "Folders, with all photos below them")
      ->type_name("DIR");
  sub.add_option("--db", command.db,
                 "The index: a file, or postgresql://… (default: $FACET_DB, then "
                 "~/.local/share/facet/index.db)")
      ->type_name("FILE|URL");
  sub.add_option("-m,--model", command.model,
                 "Model file (default: $FACET_MODEL, then the one installed)")
      ->type_name("FILE");
  sub.add_option("--head", command.wishes.head, "Whose notion of the attributes: celeba or lfwa")
      ->type_name("NAME");
  sub.add_option("--extra-head", command.wishes.extra_heads,
                 "Also the attribute of this head, made by facet teach (may be repeated)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  sub.add_option("--precision", command.precision, "How networks compute: auto, fp32 or bf16")
      ->check(CLI::IsMember({"auto", "fp32", "bf16"}))
      ->type_name("HOW");
  sub.add_option("--threshold", command.wishes.threshold,
                 "Score from which a window is a face (default: the model's)")
      ->type_name("SCORE");
  sub.add_option("--min-size", command.wishes.min_face, "Smallest face height looked for")
      ->check(CLI::Range(8.0, 100'000.0))
      ->type_name("PIXELS");
  sub.add_option("--max-pixels", command.max_pixels, "Refuse photos with more pixels")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->capture_default_str();
  sub.add_option("--threads", command.threads, "Cores to use (default: all)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  sub.add_flag("--features", command.features,
               "Also keep what faces can be compared by (like:, --like): that can identify people");
  sub.add_option("--crops", command.crop_side, "Also keep a picture of each face, SIDE pixels wide")
      ->check(CLI::Range(16, 1024))
      ->type_name("SIDE");
  sub.add_flag("--reindex", command.reindex,
               "Describe anew what another model or other options described; can be interrupted");
  sub.add_flag("--prune", command.prune, "Drop photos whose files are gone");
  sub.add_flag("--prune-missing", command.prune_missing,
               "Also those of folders that are missing altogether");
  sub.add_flag("--watch", command.watch,
               "Go on when all is done: look at what changes, until Ctrl-C or SIGTERM");
  sub.add_option("--rescan", command.rescan,
                 "With --watch: also look through everything after so many seconds (default: 3600; "
                 "300 on network disks)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("SECONDS");
  sub.add_option("--shard", command.shard, "Only part I of N, for job arrays")->type_name("I/N");
  sub.add_flag(
      "--merge", command.merge,
      "Add other indexes to one, such as those of a job array: facet index --merge OUT IN…");
  sub.add_option("--forget", command.forget,
                 "Erase a photo (its path) or a face (its id), and keep it out (may be repeated)")
      ->type_name("PHOTO|FACE")
      ->allow_extra_args(false);
  sub.add_option("--allow-again", command.allow, "Let a forgotten photo return")
      ->type_name("PHOTO")
      ->allow_extra_args(false);
  sub.add_flag("--wipe", command.wipe, "Erase everything but what says what was forgotten");
  sub.add_flag("--status", command.status, "Say what the index holds, and which photos are unread");
}

}  // namespace

void add_index_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("index", "Keep what photos show, to search them");
  const auto command = std::make_shared<IndexCommand>();
  add_options(*sub, *command);
  sub->footer(
      R"(Run it again whenever photos may have changed: what is known is passed over, moved photos are
recognised. It may be stopped at any moment. The index can be read by its owner alone.

Examples:
  facet index ~/Pictures
  facet index ~/Pictures --prune                 drop what was deleted
  facet index ~/Pictures --watch                 and go on as photos come
  facet index --status
  facet index --forget ~/Pictures/private.jpg
  facet index /data --db postgresql://db/faces --shard 3/16
  facet index /data --db part-3.db --shard 3/16  and when all parts are there:
  facet index --merge whole.db part-*.db)");
  sub->callback([command, &action] {
    action = [command] {
      for (const Precision one : {Precision::automatic, Precision::fp32, Precision::bf16}) {
        if (command->precision == precision_name(one)) command->wishes.precision = one;
      }
      return run(*command);
    };
  });
}

}  // namespace facet::cli
