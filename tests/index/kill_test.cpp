// SPDX-License-Identifier: Apache-2.0
// Runs that end in the middle, by kill -9.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <map>
#include <random>
#include <thread>

#include "index/photo_folder.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/open_index.hpp"
#include "index/test_database.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

void index_folder(const std::string& location, const std::string& root) {
  const auto database = open_or_make_index(location);
  TestDescriber describer;
  IndexRunHooks hooks;
  hooks.make_describe = [&] { return describer.describe(); };
  hooks.begin = [](std::size_t) {};
  hooks.looked_at = [](const std::string&, const Examination&) {};
  hooks.warn = [](const std::string&) {};
  IndexRunOptions options;
  options.roots = {root};
  options.workers = 2;
  options.prune = true;
  options.written_at_once = 5;
  run_index(*database, test_generation(), options, hooks);
}

// What an index says of each photo. Fails where something is there twice, or belongs to nothing.
std::map<std::string, std::string> contents(const std::string& location) {
  const auto database = open_or_make_index(location);
  if (database->dialect() == SqlDialect::sqlite) {
    EXPECT_EQ(sql_text(*database, "PRAGMA integrity_check"), "ok");
  }
  std::vector<PhotoRow> rows;
  PhotoTable(*database).each([&](const PhotoRow& row) { rows.push_back(row); });
  std::map<std::string, std::string> all;
  const auto generation = GenerationTable(*database).current();
  if (!generation) return all;
  const std::vector<std::int64_t> columns = {generation->attributes[0].column};
  FaceSnapshot snapshot(*database);
  std::size_t faces = 0;
  for (const PhotoRow& row : rows) {
    std::string text;
    const auto stored = snapshot.read_photo(row.id, columns);
    EXPECT_EQ(static_cast<int>(stored.size()), row.faces) << row.path();
    for (const StoredFace& face : stored) text += ' ' + std::to_string(face.attributes[0]);
    faces += stored.size();
    EXPECT_TRUE(all.emplace(row.path(), text).second) << row.path() << " is there twice";
  }
  EXPECT_EQ(faces, snapshot.faces());
  return all;
}

// Adds, changes, moves and removes some photos.
class Folder {
 public:
  explicit Folder(const fs::path& root) : root_(root) {
    for (int i = 0; i < 30; ++i) add();
  }
  void stir() {
    for (int i = 0; i < 3; ++i) add();
    write_test_photo(any(), {pick(256), pick(256)}, pick(256));
    fs::rename(any(), root_ / ("moved" + std::to_string(made_++) + ".png"));
    fs::remove(any());
  }
  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

 private:
  void add() {
    std::vector<int> smiles(static_cast<std::size_t>(pick(4)));
    for (int& smile : smiles) smile = pick(256);
    write_test_photo(root_ / (std::to_string(made_++) + ".png"), smiles, pick(256));
  }
  fs::path any() {
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(root_)) all.push_back(entry.path());
    std::sort(all.begin(), all.end());
    return all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
  }

  fs::path root_;
  std::mt19937 random_{4};
  int made_ = 0;
};

TEST(Kill, LosesNothingAndAddsNothingTwice) {
  if (!TestDatabase::missing().empty()) GTEST_SKIP() << TestDatabase::missing();
  const TemporaryFolder temporary;
  const std::string root = absolute_root(temporary.path() / "photos");
  Folder folder(root);
  const TestDatabase killed;
  // How long a run takes here now.
  const auto start = std::chrono::steady_clock::now();
  {
    const TestDatabase first;
    index_folder(first.location(), root);
  }
  const std::chrono::duration<double, std::micro> whole = std::chrono::steady_clock::now() - start;
  int in_the_middle = 0;
  int with_something = 0;
  for (int round = 0; round < 50; ++round) {
    folder.stir();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      index_folder(killed.location(), root);
      ::_exit(0);
    }
    // Later runs have fewer photos to look at than the first: some are killed early.
    const double longest = round % 2 == 0 ? whole.count() : whole.count() / 4;
    std::this_thread::sleep_for(std::chrono::microseconds(folder.pick(static_cast<int>(longest))));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) ++in_the_middle;
    if (!contents(killed.location()).empty()) ++with_something;  // opens, and is whole
    ASSERT_FALSE(HasFailure()) << "after round " << round;
  }
  EXPECT_GT(in_the_middle, 5);
  EXPECT_GT(with_something, 5);
  index_folder(killed.location(), root);
  const TestDatabase undisturbed;
  index_folder(undisturbed.location(), root);
  EXPECT_EQ(contents(killed.location()), contents(undisturbed.location()));
}

}  // namespace
}  // namespace facet::detail
