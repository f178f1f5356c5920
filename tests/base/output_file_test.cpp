// SPDX-License-Identifier: Apache-2.0
#include "base/output_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(OutputFile, AppearsOnlyWhenItIsComplete) {
  const TemporaryFolder folder;
  OutputGuard guard(true);
  write_all(folder / "out", "old");
  OutputFile output((folder / "out").string(), guard);
  output.stream() << "new";
  output.stream().flush();
  EXPECT_EQ(read_all(folder / "out"), "old");
  output.commit();
  EXPECT_EQ(read_all(folder / "out"), "new");
}

TEST(OutputFile, LeavesNothingWhereTheRunFails) {
  const TemporaryFolder folder;
  OutputGuard guard(false);
  { OutputFile((folder / "out").string(), guard).stream() << "half" << std::flush; }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OutputFile, WritesThroughLinksAndIntoDevices) {
  const TemporaryFolder folder;
  OutputGuard guard(true);
  write_all(folder / "real", "old");
  std::filesystem::create_symlink("real", folder / "link");
  std::filesystem::create_symlink("later", folder / "dangling");
  for (const char* name : {"link", "dangling"}) {
    OutputFile output((folder / name).string(), guard);
    output.stream() << "new";
    output.commit();
    EXPECT_TRUE(std::filesystem::is_symlink(folder / name));
    EXPECT_EQ(read_all(folder / name), "new");
  }
  EXPECT_EQ(read_all(folder / "real"), "new");

  OutputFile null("/dev/null", guard);
  null.stream() << "gone";
  null.commit();
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(OutputFile, EndsTheRunAtTheFirstWriteThatFails) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  OutputGuard guard(false);
  OutputFile output("/dev/full", guard);
  output.stream() << "text";
  EXPECT_THAT(message_of([&] { output.stream() << std::flush; }),
              HasSubstr("/dev/full: cannot be written: No space left on device"));
}

// A file system of 16 KiB: full before anything is computed.
TEST(OutputFile, NoticesAFullDiskBeforeAnythingIsWritten) {
  const TemporaryFolder folder;
  if (::mount("none", folder.path().c_str(), "tmpfs", 0, "size=16k") != 0) {
    GTEST_SKIP() << "cannot mount a small disk here";
  }
  OutputGuard guard(false);
  const std::string message =
      message_of([&] { const OutputFile output((folder / "out").string(), guard); });
  ::umount(folder.path().c_str());
  EXPECT_THAT(message, HasSubstr("No space left on device"));
}

TEST(OutputFile, RefusesFoldersAndPlacesThatAreNotThere) {
  const TemporaryFolder folder;
  OutputGuard guard(true);
  EXPECT_THROW(OutputFile(folder.path().string(), guard), Error);
  EXPECT_THROW(OutputFile((folder / "no/such/out").string(), guard), Error);
}

TEST(AtomicFile, KeepsBothWhereSomebodyElseWroteMeanwhile) {
  const TemporaryFolder folder;
  write_all(folder / "old.csv", "old");
  for (const char* name : {"new.csv", "old.csv"}) {
    AtomicFile file(folder / name);
    file.write("facet's");
    write_all(folder / name, "somebody's text");
    EXPECT_THAT(message_of([&] { file.commit(); }), HasSubstr("meanwhile"));
    EXPECT_EQ(read_all(folder / name), "somebody's text");
  }
  EXPECT_EQ(read_all(folder / "new-2.csv"), "facet's");
  EXPECT_EQ(read_all(folder / "old-2.csv"), "facet's");
}

TEST(TemporaryFile, LeavesNoNameBehindAndCleansUpAfterKilledRuns) {
  const TemporaryFolder folder;
  const TemporaryFile held(folder / "a.csv");
  std::filesystem::path left;
  {
    TemporaryFile file(folder / "b.csv");
    left = file.path();
    file.keep();  // as a killed program would: nobody holds it any more
  }
  write_all(folder / ".facet-notes.part", "the user's");
  remove_leftovers(folder.path());
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_TRUE(std::filesystem::exists(held.path())) << "another run's";
  EXPECT_TRUE(std::filesystem::exists(folder / ".facet-notes.part"));
}

}  // namespace
}  // namespace facet::detail
