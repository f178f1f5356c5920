// SPDX-License-Identifier: Apache-2.0
// Folders that are watched, with real files.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <optional>
#include <thread>

#include "facet/error.hpp"
#include "index/photo_folder.hpp"
#include "index/store/open_index.hpp"
#include "index/watch/file_system.hpp"
#include "index/watch/folder_watch.hpp"
#include "index/watch/growing_files.hpp"
#include "index/watch/watch_loop.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Each folder of what changed; those that are meant with all below them end in a slash.
std::vector<std::string> names(const FolderChanges& changes, const std::string& root) {
  std::vector<std::string> all;
  for (const ChangedFolder& folder : changes.folders) {
    all.push_back(folder.path.substr(root.size()) + (folder.below ? "/" : ""));
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST(FolderWatch, TellsWhereSomethingHappened) {
  const TemporaryFolder temporary;
  const std::string root = absolute_root(temporary.path());
  fs::create_directories(root + "/a/b");
  FolderWatch watch;
  watch.add({root});
  EXPECT_EQ(watch.folders(), 3U);
  EXPECT_THAT(names(watch.take(), root), IsEmpty());
  write_test_photo(root + "/a/b/new.png", {1});
  write_all(root + "/a/notes.txt", "no photo");
  EXPECT_THAT(names(watch.take(), root), ElementsAre("/a/b"));
  write_all(root + "/a/new.jpg.xmp", "names of faces");
  EXPECT_THAT(names(watch.take(), root), ElementsAre("/a"));
  fs::remove(root + "/a/b/new.png");
  EXPECT_THAT(names(watch.take(), root), ElementsAre("/a/b"));
}

TEST(FolderWatch, FollowsFoldersThatComeMoveAndGo) {
  const TemporaryFolder temporary;
  const std::string root = absolute_root(temporary.path());
  FolderWatch watch;
  watch.add({root});
  fs::create_directories(root + "/new/deep");
  EXPECT_THAT(names(watch.take(), root), testing::Contains("/new/"));
  (void)watch.take();
  write_test_photo(root + "/new/deep/a.png", {1});
  EXPECT_THAT(names(watch.take(), root), ElementsAre("/new/deep"));
  fs::rename(root + "/new", root + "/old");
  EXPECT_THAT(names(watch.take(), root), ElementsAre("/new/", "/old/"));
  write_test_photo(root + "/old/deep/b.png", {1});
  EXPECT_THAT(names(watch.take(), root), ElementsAre("/old/deep"));
  fs::remove_all(root + "/old");
  EXPECT_THAT(names(watch.take(), root), testing::Contains("/old/"));
  (void)watch.take();
  EXPECT_EQ(watch.folders(), 1U);
}

TEST(FolderWatch, SaysThatARootWent) {
  const TemporaryFolder temporary;
  const std::string root = absolute_root(temporary.path() / "disk");
  fs::create_directory(root);
  FolderWatch watch;
  watch.add({root});
  fs::rename(root, root + ".elsewhere");
  EXPECT_TRUE(watch.take().everything);
  write_test_photo(root + ".elsewhere/a.png", {1});
  EXPECT_FALSE(watch.take().everything);
  EXPECT_THAT(watch.take().folders, IsEmpty());  // it is another folder now
  fs::rename(root + ".elsewhere", root);
  watch.add({root});
  write_test_photo(root + "/b.png", {1});
  EXPECT_EQ(watch.take().folders.size(), 1U);
}

TEST(FolderWatch, SaysThatMoreHappenedThanItWasTold) {
  std::size_t most = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
  if (most == 0 || most > 100'000) GTEST_SKIP() << "the system's queue is too long to fill";
  const TemporaryFolder temporary;
  const std::string root = absolute_root(temporary.path());
  FolderWatch watch;
  watch.add({root});
  const std::string photo = root + "/a.jpg";
  for (std::size_t i = 0; i <= most / 3; ++i) {  // three happenings each
    ::close(::open(photo.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    fs::remove(photo);
  }
  EXPECT_TRUE(watch.take().everything);
  EXPECT_FALSE(watch.take().everything);
}

TEST(FileSystem, KnowsWhichOnesOthersMayChange) {
  EXPECT_EQ(remote_file_system(0x6969), "NFS");
  EXPECT_EQ(remote_file_system(0xFF534D42), "CIFS");
  EXPECT_EQ(remote_file_system(0xFE534D42), "CIFS");
  EXPECT_EQ(remote_file_system(0x65735546), "FUSE");
  EXPECT_EQ(remote_file_system(0xEF53), "");      // ext4
  EXPECT_EQ(remote_file_system(0x01021994), "");  // tmpfs
  EXPECT_EQ(remote_file_system_of("/proc"), "");
}

TEST(GrowingFiles, WaitsUntilTheyAreQuiet) {
  GrowingFiles growing(milliseconds(1000));
  const auto start = GrowingFiles::Clock::now();
  const std::int64_t wall = 1'000'000'000'000;
  const auto at = [&](int ms, std::int64_t size, int changed) {
    FoundFile file{"/x", "a.jpg", {size, wall + std::int64_t{changed} * 1'000'000, 0}};
    return growing.settled(file, start + milliseconds(ms), wall + std::int64_t{ms} * 1'000'000);
  };
  EXPECT_TRUE(at(0, 5, -1000));  // old
  EXPECT_FALSE(at(0, 10, -10));
  EXPECT_FALSE(at(500, 20, 490));
  EXPECT_FALSE(at(1400, 20, 490));
  EXPECT_TRUE(at(1500, 20, 490));
  // A disk whose clock is an hour ahead.
  EXPECT_FALSE(at(2000, 30, 3'600'000));
  EXPECT_FALSE(at(2900, 30, 3'600'000));
  EXPECT_TRUE(at(3000, 30, 3'600'000));
  // One that is an hour behind, of a file that is seen to grow.
  EXPECT_FALSE(at(4000, 40, 3'600'000));
  EXPECT_FALSE(at(4100, 50, -3'600'000));
  EXPECT_TRUE(at(4200, 50, -3'600'000));
}

// Watches in a thread, with somebody who finds faces without a model.
class Watch : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.roots = {root()};
    options_.quiet = milliseconds(200);
    options_.retry = milliseconds(100);
    stop_ = ::eventfd(0, EFD_CLOEXEC);
  }
  void TearDown() override {
    end();
    ::close(stop_);
  }

  [[nodiscard]] std::string root() const { return absolute_root(folder_.path() / "photos"); }
  [[nodiscard]] std::string location() const { return (folder_ / "index.db").string(); }

  void begin() {
    thread_ = std::thread([this] {
      WatchHooks hooks;
      hooks.run = [this](const auto& changed, const auto& settled) {
        return run(changed, settled);
      };
      hooks.say = [this](const std::string& line) {
        const std::lock_guard lock(mutex_);
        said_.push_back(line);
      };
      watch_folders(options_, hooks, stop_);
    });
    ASSERT_TRUE(soon([&] { return runs() > 0; }));
  }
  void end() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(stop_, &one, sizeof one), static_cast<ssize_t>(sizeof one));
    thread_.join();
  }

  IndexRunResult run(const std::optional<std::vector<ChangedFolder>>& changed,
                     const std::function<bool(const FoundFile&)>& settled) {
    if (fails_ > 0) {
      --fails_;
      throw Error(ErrorCode::io, "the server went away");
    }
    const auto database = open_or_make_index(location());
    IndexRunHooks hooks;
    hooks.make_describe = [&] { return describer_.describe(); };
    hooks.begin = [](std::size_t) {};
    hooks.looked_at = [](const std::string&, const Examination&) {};
    hooks.warn = [](const std::string&) {};
    hooks.settled = settled;
    hooks.stop = [this] {
      pollfd waiting{stop_, POLLIN, 0};
      return ::poll(&waiting, 1, 0) > 0;
    };
    IndexRunOptions options;
    options.roots = options_.roots;
    options.changed = changed;
    IndexRunResult result = run_index(*database, test_generation(), options, hooks);
    const std::lock_guard lock(mutex_);
    (changed ? partial_ : whole_) += 1;
    missing_roots_ = result.missing_roots;
    return result;
  }

  int runs() {
    const std::lock_guard lock(mutex_);
    return whole_ + partial_;
  }

  // "a.png 255", "b.png gone", "c.png ?" (unreadable), sorted.
  std::vector<std::string> contents() {
    const auto database = open_index(location());
    const SqlReading reading(*database);
    std::vector<PhotoRow> rows;
    PhotoTable(*database).each([&](const PhotoRow& row) { rows.push_back(row); });
    const auto generation = GenerationTable(*database).current();
    const std::vector<std::int64_t> columns = {generation->attributes[0].column};
    FaceSnapshot snapshot(*database);
    std::vector<std::string> all;
    for (const PhotoRow& row : rows) {
      std::string text = row.path().substr(root().size() + 1);
      for (const StoredFace& face : snapshot.read_photo(row.id, columns)) {
        text += ' ' + std::to_string(face.attributes[0]);
      }
      if (row.status == PhotoStatus::unreadable) text += " ?";
      if (row.gone) text += " gone";
      all.push_back(std::move(text));
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  static bool soon(const std::function<bool()>& there) {
    for (int i = 0; i < 1500 && !there(); ++i) std::this_thread::sleep_for(milliseconds(10));
    return there();
  }
  void expect_soon(const std::vector<std::string>& wanted) {
    soon([&] { return contents() == wanted; });
    EXPECT_EQ(contents(), wanted);
  }

  TemporaryFolder folder_;
  WatchOptions options_;
  TestDescriber describer_;
  std::atomic<int> fails_{0};
  int stop_ = -1;
  std::thread thread_;
  std::mutex mutex_;
  int whole_ = 0;
  int partial_ = 0;
  std::vector<std::string> missing_roots_;
  std::vector<std::string> said_;
};

TEST_F(Watch, SeesWhatComesMovesAndGoes) {
  write_test_photo(root() + "/a.png", {1}, 1);
  begin();
  expect_soon({"a.png 1"});
  write_test_photo(root() + "/new/folder/b.png", {2}, 2);
  expect_soon({"a.png 1", "new/folder/b.png 2"});
  fs::rename(root() + "/new", root() + "/moved");
  expect_soon({"a.png 1", "moved/folder/b.png 2"});
  EXPECT_EQ(describer_.asked(), 2);
  write_test_photo(root() + "/a.png", {7}, 3);
  expect_soon({"a.png 7", "moved/folder/b.png 2"});
  fs::remove(root() + "/a.png");
  expect_soon({"a.png 7 gone", "moved/folder/b.png 2"});
  fs::remove_all(root() + "/moved");
  expect_soon({"a.png 7 gone", "moved/folder/b.png 2 gone"});
  end();
  EXPECT_EQ(whole_, 1);
  EXPECT_GT(partial_, 4);
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(Watch, KnowsAPhotoThatReturnsElsewhere) {
  write_test_photo(root() + "/a.png", {1}, 1);
  write_test_photo(root() + "/b.png", {2}, 2);
  begin();
  expect_soon({"a.png 1", "b.png 2"});
  fs::rename(root() + "/a.png", folder_ / "outside.png");
  expect_soon({"a.png 1 gone", "b.png 2"});
  fs::rename(folder_ / "outside.png", root() + "/c.png");
  expect_soon({"b.png 2", "c.png 1"});
  EXPECT_EQ(describer_.asked(), 2);
}

TEST_F(Watch, WaitsForFilesToStopGrowing) {
  write_test_photo(root() + "/a.png", {1}, 1);
  begin();
  write_test_photo(folder_ / "whole.png", {2, 3}, 2);
  const std::string whole = read_all(folder_ / "whole.png");
  std::ofstream growing(root() + "/b.png", std::ios::binary);
  for (std::size_t at = 0; at < whole.size(); at += whole.size() / 8 + 1) {
    growing << whole.substr(at, whole.size() / 8 + 1) << std::flush;
    std::this_thread::sleep_for(milliseconds(90));
    for (const std::string& line : contents()) EXPECT_NE(line, "b.png ?");
  }
  growing.close();
  expect_soon({"a.png 1", "b.png 2 3"});
  EXPECT_EQ(describer_.asked(), 2);
}

TEST_F(Watch, LosesNoPhotoOfADiskThatGoes) {
  write_test_photo(root() + "/a.png", {1}, 1);
  begin();
  expect_soon({"a.png 1"});
  fs::rename(root(), root() + ".unmounted");
  expect_soon({"a.png 1 gone"});
  EXPECT_TRUE(soon([&] {
    const std::lock_guard lock(mutex_);
    return missing_roots_ == std::vector<std::string>{root()};
  }));
  fs::rename(root() + ".unmounted", root());
  expect_soon({"a.png 1"});
  write_test_photo(root() + "/b.png", {2}, 2);  // it is watched again
  expect_soon({"a.png 1", "b.png 2"});
  EXPECT_EQ(describer_.asked(), 2);
}

TEST_F(Watch, LooksThroughEverythingFromTimeToTime) {
  options_.rescan = milliseconds(100);
  write_test_photo(root() + "/a.png", {1}, 1);
  begin();
  EXPECT_TRUE(soon([&] {
    const std::lock_guard lock(mutex_);
    return whole_ > 3;
  }));
  end();
  EXPECT_EQ(partial_, 0);
}

TEST_F(Watch, GoesOnAfterAFailure) {
  write_test_photo(root() + "/a.png", {1}, 1);
  fails_ = 2;
  begin();
  expect_soon({"a.png 1"});
  end();
  ASSERT_EQ(said_.size(), 2U);
  EXPECT_THAT(said_[0], HasSubstr("the server went away; trying again"));
}

TEST_F(Watch, EndsInTheMiddleOfARunWithAllThatWasFound) {
  for (int i = 0; i < 400; ++i) {
    write_test_photo(root() + '/' + std::to_string(i) + ".png", {i % 256}, i % 251);
  }
  options_.quiet = milliseconds(0);
  describer_.slow_down(milliseconds(5));
  std::thread stopper([&] {
    soon([&] { return describer_.asked() > 20; });
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(stop_, &one, sizeof one), static_cast<ssize_t>(sizeof one));
  });
  begin();
  thread_.join();
  stopper.join();
  const std::size_t found = contents().size();
  EXPECT_GT(found, 10U);
  EXPECT_LT(found, 400U);
}

}  // namespace
}  // namespace facet::detail
