// SPDX-License-Identifier: Apache-2.0
// What facet writes over, and what never.
#include "base/output_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Guard : public ::testing::Test {
 protected:
  Guard() { write_all(folder_ / "input.jpg", "a photo"); }

  // What claim says; empty where it agrees.
  [[nodiscard]] std::string refusal(const std::string& name, bool overwrite = false,
                                    FileKind kind = FileKind::result) const {
    OutputGuard guard(overwrite);
    guard.protect(folder_ / "input.jpg");
    try {
      guard.claim(folder_ / name, kind);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
  void write_as_facet(const std::string& name, FileKind kind = FileKind::result) const {
    AtomicFile file(folder_ / name, kind);
    file.write("facet's");
    file.commit();
  }
  // Without extended attributes facet knows its pictures only.
  [[nodiscard]] bool marks() const {
    write_as_facet("probe");
    return written_kind(folder_ / "probe").has_value();
  }

  TemporaryFolder folder_;
};

TEST_F(Guard, ReplacesWhatFacetWroteAsLongAsNobodyChangedIt) {
  if (!marks()) GTEST_SKIP() << "no extended attributes here";
  write_as_facet("out.csv");
  EXPECT_EQ(refusal("out.csv"), "");
  fs::copy_file(folder_ / "out.csv", folder_ / "copy.csv");
  EXPECT_THAT(refusal("copy.csv"), HasSubstr("copy.csv: exists already")) << "marks are not copied";
  write_all(folder_ / "out.csv", "facet's, with a column of my own");
  EXPECT_THAT(refusal("out.csv"),
              HasSubstr("out.csv: exists already and is not as facet wrote it"));
  EXPECT_EQ(refusal("out.csv", true), "") << "--overwrite";
}

TEST_F(Guard, ReplacesNothingOfAnotherKind) {
  if (!marks()) GTEST_SKIP() << "no extended attributes here";
  write_as_facet("glasses.head", FileKind::head);
  EXPECT_EQ(refusal("glasses.head", false, FileKind::head), "");
  EXPECT_THAT(refusal("glasses.head"), HasSubstr("a head that facet wrote"));
  EXPECT_EQ(refusal("glasses.head", true), "");
}

TEST_F(Guard, ReplacesNothingOfTheUsersButEmptyFiles) {
  write_all(folder_ / "mine.txt", "mine");
  write_all(folder_ / "empty", "");
  EXPECT_THAT(refusal("mine.txt"), HasSubstr("--overwrite"));
  EXPECT_EQ(refusal("mine.txt", true), "");
  EXPECT_EQ(refusal("empty"), "");
  EXPECT_EQ(refusal("new"), "");
}

TEST_F(Guard, NeverReplacesAnInputUnderWhateverName) {
  fs::create_symlink("input.jpg", folder_ / "link.jpg");
  fs::create_hard_link(folder_ / "input.jpg", folder_ / "hard.jpg");
  fs::create_directory(folder_ / "sub");
  for (const char* name : {"input.jpg", "link.jpg", "hard.jpg", "sub/../input.jpg"}) {
    for (const bool overwrite : {false, true}) {
      EXPECT_THAT(refusal(name, overwrite), HasSubstr("files that this run reads")) << name;
    }
  }
  EXPECT_EQ(refusal("INPUT.JPG", true), "") << "another file where upper and lower case differ";
  write_all(folder_ / "Input.jpg", "another photo");
  EXPECT_EQ(refusal("Input.jpg", true), "") << "the same, and it exists";
}

TEST_F(Guard, RefusesFoldersPipesAndTwoOutputsOfOneName) {
  EXPECT_THAT(refusal("no/such"), HasSubstr("no such folder"));
  fs::create_directory(folder_ / "sub");
  EXPECT_THAT(refusal("sub", true), HasSubstr("is a folder"));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(refusal("pipe"), "") << "results may go there";
  EXPECT_THAT(refusal("pipe", true, FileKind::picture), HasSubstr("no regular file"));
  OutputGuard guard(false);
  guard.claim(folder_ / "a.csv", FileKind::result);
  EXPECT_THROW(guard.claim(folder_ / "A.csv", FileKind::result), Error);
}

}  // namespace
}  // namespace facet::detail
