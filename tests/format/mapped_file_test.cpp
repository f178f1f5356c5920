// SPDX-License-Identifier: Apache-2.0
#include "format/mapped_file.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargest = 1000;

std::string text_of(const MappedFile& file) {
  const auto bytes = file.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class MappedFileTest : public ::testing::Test {
 protected:
  MappedFileTest() { write_all(path_, "some text"); }

  static ErrorCode code_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()), "");
      return error.code();
    }
    ADD_FAILURE() << "nothing thrown";
    return ErrorCode::unsupported;
  }

  TemporaryFolder folder_;
  fs::path path_ = folder_ / "file";
};

TEST_F(MappedFileTest, ShowsTheFilesBytes) {
  const MappedFile file(path_, kLargest);
  EXPECT_EQ(text_of(file), "some text");
  file.check_unchanged();
  write_all(folder_ / "empty", "");
  EXPECT_TRUE(MappedFile(folder_ / "empty", kLargest).bytes().empty());
}

TEST_F(MappedFileTest, RefusesWhatIsNoFileOrTooLarge) {
  EXPECT_EQ(code_of([&] { MappedFile(folder_ / "none", kLargest); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { MappedFile(path_ / "below", kLargest); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { MappedFile(folder_.path(), kLargest); }), ErrorCode::bad_model);
  EXPECT_EQ(code_of([&] { MappedFile(path_, 8); }), ErrorCode::bad_model);
}

TEST_F(MappedFileTest, NoticesThatTheFileWasCutOffOrGrew) {
  for (const std::uintmax_t size : {3U, 300U}) {
    write_all(path_, "some text");
    const MappedFile file(path_, kLargest);
    fs::resize_file(path_, size);
    EXPECT_EQ(code_of([&] { file.check_unchanged(); }), ErrorCode::io) << size;
  }
}

TEST_F(MappedFileTest, NoticesThatTheFileWasWrittenTo) {
  const MappedFile file(path_, kLargest);
  std::fstream(path_, std::ios::in | std::ios::out) << "SOME";
  // Whatever the clock of the file system can tell apart.
  fs::last_write_time(path_, fs::last_write_time(path_) + std::chrono::seconds(1));
  EXPECT_EQ(code_of([&] { file.check_unchanged(); }), ErrorCode::io);
}

TEST_F(MappedFileTest, KeepsAFileThatWasReplaced) {
  const MappedFile file(path_, kLargest);
  write_all(folder_ / "other", "another file");
  fs::rename(folder_ / "other", path_);
  file.check_unchanged();
  EXPECT_EQ(text_of(file), "some text");
}

}  // namespace
}  // namespace facet::detail
