// SPDX-License-Identifier: Apache-2.0
// What is special about an index in a file.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facet/error.hpp"
#include "index/store/open_index.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

std::string complaint(const std::string& file) {
  try {
    open_index(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

unsigned mode_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return 0;
  return status.st_mode & 0777U;
}

TEST(Sqlite, OnlyTheOwnerReadsIt) {
  const TemporaryFolder folder;
  const auto file = folder / "new/folders/index.db";
  const auto database = open_or_make_index(file.string());
  database->run("INSERT INTO setting (name, value) VALUES ('a', 'b')");
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(mode_of(file.string() + "-wal"), 0600U);
  EXPECT_EQ(mode_of(folder / "new"), 0700U);
}

// True where another process sees that this one has the database open.
bool is_locked(const std::string& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    struct flock shared {};
    shared.l_type = F_WRLCK;
    shared.l_whence = SEEK_SET;
    shared.l_start = 0x40000002;  // SQLite's range of shared locks
    shared.l_len = 510;
    ::_exit(::fcntl(descriptor, F_GETLK, &shared) == 0 && shared.l_type != F_UNLCK ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST(Sqlite, KeepsItsLocksWhereItIsOpenedTwice) {
  const TemporaryFolder folder;
  const std::string file = (folder / "index.db").string();
  const auto first = open_or_make_index(file);
  ASSERT_TRUE(is_locked(file));
  { const auto second = open_or_make_index(file); }
  EXPECT_TRUE(is_locked(file)) << "another program would now remove the log that is written to";
}

TEST(Sqlite, SaysWhatIsNoIndex) {
  const TemporaryFolder folder;
  EXPECT_THAT(complaint((folder / "missing.db").string()), HasSubstr("make one with facet index"));
  write_all(folder / "photo.jpg",
            "no database at all, but long enough to look at: " + std::string(4096, 'x'));
  EXPECT_THAT(complaint((folder / "photo.jpg").string()), HasSubstr("is no index of facet"));
  EXPECT_THAT(complaint(folder.path().string()), HasSubstr("is a folder"));
  write_all(folder / "empty.db", "");
  EXPECT_THAT(complaint((folder / "empty.db").string()), HasSubstr("holds no index"));
}

TEST(Sqlite, DoesNotTouchForeignDatabases) {
  const TemporaryFolder folder;
  const std::string file = (folder / "other.db").string();
  open_or_make_index(file)->execute("DROP TABLE face_column");
  const std::string before = read_all(file);
  EXPECT_THROW(open_or_make_index(file), Error);
  EXPECT_EQ(read_all(file), before);
}

TEST(Sqlite, LiesWhereTheEnvironmentSays) {
  EXPECT_EQ(index_location("mine.db"), "mine.db");
  EXPECT_TRUE(is_postgres_location("postgresql://host/name"));
  EXPECT_FALSE(is_postgres_location("postgresql.db"));
  ::setenv("FACET_DB", "/somewhere.db", 1);
  EXPECT_EQ(index_location(""), "/somewhere.db");
  ::unsetenv("FACET_DB");
  ::setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(index_location(""), "/data/facet/index.db");
  ::unsetenv("XDG_DATA_HOME");
  ::setenv("HOME", "/home/x", 1);
  EXPECT_EQ(index_location(""), "/home/x/.local/share/facet/index.db");
}

}  // namespace
}  // namespace facet::detail
