// SPDX-License-Identifier: Apache-2.0
#include "base/file_bytes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

constexpr std::uint64_t kLargest = 1000;

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()), "");
    return error.code();
  }
  ADD_FAILURE() << "nothing thrown";
  return ErrorCode::unsupported;
}

TEST(FileBytes, AreThoseOfTheFile) {
  const TemporaryFolder folder;
  write_all(folder / "file", "some text");
  const SharedBytes file = read_file_bytes(folder / "file", kLargest);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()),
            "some text");
  write_all(folder / "empty", "");
  EXPECT_TRUE(read_file_bytes(folder / "empty", kLargest).bytes.empty());
}

TEST(FileBytes, OfWhatIsNoFileOrTooLargeAreRefused) {
  const TemporaryFolder folder;
  write_all(folder / "file", "some text");
  EXPECT_EQ(code_of([&] { read_file_bytes(folder / "none", kLargest); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { read_file_bytes(folder / "file" / "below", kLargest); }),
            ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { read_file_bytes(folder.path(), kLargest); }), ErrorCode::bad_model);
  EXPECT_EQ(code_of([&] { read_file_bytes(folder / "file", 8); }), ErrorCode::bad_model);
}

}  // namespace
}  // namespace facet::detail
