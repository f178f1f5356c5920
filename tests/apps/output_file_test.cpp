// SPDX-License-Identifier: Apache-2.0
#include "output_file.hpp"

#include <gtest/gtest.h>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::cli {
using namespace detail;
namespace {

TEST(OutputFile, AppearsOnlyWhenItIsComplete) {
  const TemporaryFolder folder;
  write_all(folder / "out", "old");
  {
    OutputFile output((folder / "out").string());
    output.stream() << "new";
    output.stream().flush();
    EXPECT_EQ(read_all(folder / "out"), "old");
    output.commit();
    EXPECT_EQ(read_all(folder / "out"), "new");
  }
  EXPECT_EQ(read_all(folder / "out"), "new");
}

TEST(OutputFile, LeavesNothingWhereTheRunFails) {
  const TemporaryFolder folder;
  { OutputFile((folder / "out").string()).stream() << "half"; }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OutputFile, WritesThroughLinksAndIntoDevices) {
  const TemporaryFolder folder;
  write_all(folder / "real", "old");
  std::filesystem::create_symlink(folder / "real", folder / "link");
  OutputFile output((folder / "link").string());
  output.stream() << "new";
  output.commit();
  EXPECT_EQ(read_all(folder / "real"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));

  OutputFile null("/dev/null");
  null.stream() << "gone";
  null.commit();
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(OutputFile, NoticesAFullDisk) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  OutputFile output("/dev/full");
  output.stream() << "text";
  EXPECT_THROW(output.commit(), Error);
}

TEST(OutputFile, RefusesFolders) {
  const TemporaryFolder folder;
  EXPECT_THROW(OutputFile(folder.path().string()), Error);
  EXPECT_THROW(OutputFile((folder / "no/such/out").string()), Error);
}

}  // namespace
}  // namespace facet::cli
