// SPDX-License-Identifier: Apache-2.0
// What the program says of input that it cannot use: always a line, never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// One line on standard error that names the culprit; nothing on standard output.
void expect_refused(const CommandResult& result, const std::string& culprit) {
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr(culprit));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

class BadInput : public ::testing::Test {
 protected:
  BadInput() {
    write_small_model(model());
    write_blob_photo(folder_ / "good.png");
  }
  [[nodiscard]] std::string model() const { return (folder_ / "model.safetensors").string(); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

  TemporaryFolder folder_;
};

TEST_F(BadInput, MissingFilesAndEmptyFoldersStopTheRun) {
  std::filesystem::create_directories(folder_ / "empty");
  write_all(folder_ / "empty" / "notes.txt", "no photo");
  expect_refused(run_facet({"predict", path("missing.jpg"), "-m", model()}), "missing.jpg");
  expect_refused(run_facet({"predict", path("empty"), "-m", model()}), "no photos");
  expect_refused(run_facet({"locate", path("missing"), "-m", model()}), "missing");
  expect_refused(run_facet({"predict", "-", "-m", model()}), "list is empty");
}

TEST_F(BadInput, MissingFilesOfAListAreReportedWhileTheRunGoesOn) {
  for (const char separator : {'\n', '\0'}) {
    CommandOptions list;
    for (const char* name : {"good.png", "missing.png", "good.png"}) {
      list.standard_input += path(name) + separator;
    }
    const CommandResult result = run_facet({"predict", "-", "-f", "json", "-m", model()}, list);
    EXPECT_EQ(result.exit_code, 1);
    const json images = json::parse(result.out).at("images");
    ASSERT_EQ(images.size(), 3U);
    EXPECT_EQ(images.at(1).at("reason"), "no such file or folder");
    EXPECT_EQ(images.at(2).at("status"), "ok");
    EXPECT_THAT(result.err, HasSubstr("missing.png: unreadable: no such file or folder\n"));
  }
}

TEST_F(BadInput, FoldersThatCannotBeReadAreReported) {
  std::filesystem::create_directories(folder_ / "locked");
  write_blob_photo(folder_ / "locked/a.png");
  std::filesystem::permissions(folder_ / "locked", std::filesystem::perms::none);
  if (std::ifstream(folder_ / "locked/a.png")) GTEST_SKIP() << "root reads every folder";
  const CommandResult result = run_facet({"locate", folder_.path().string(), "-m", model()});
  std::filesystem::permissions(folder_ / "locked", std::filesystem::perms::owner_all);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("locked: unreadable: cannot read folder: Permission denied"));
}

TEST_F(BadInput, NamesNeverSteerTheTerminalNorBecomeOne) {
  std::filesystem::create_directory(folder_ / "odd");
  for (const char* name : {"a\xE9.png", "a\xE8.png", "b\x1b[2J.png"}) {
    write_all(folder_ / "odd" / name, "no photo");
  }
  const CommandResult result = run_facet({"predict", path("odd"), "-f", "json", "-m", model()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos) << result.err;
  EXPECT_THAT(result.err, HasSubstr("b\\x1b[2J.png: unreadable"));
  const json images = json::parse(result.out).at("images");
  EXPECT_EQ(images.at(0).at("path"), "a%E8.png");
  EXPECT_EQ(images.at(1).at("path"), "a%E9.png");
  EXPECT_EQ(images.at(1).at("path_encoding"), "percent");
  EXPECT_EQ(images.at(2).at("path"), "b\x1b[2J.png");
  EXPECT_FALSE(images.at(2).contains("path_encoding"));
}

TEST_F(BadInput, UnreadablePhotosAreReportedWhileTheRunGoesOn) {
  const std::string png = read_all(folder_ / "good.png");
  write_all(folder_ / "cut.png", png.substr(0, png.size() / 2));
  write_all(folder_ / "text.jpg", "this is not a photo\n");
  write_all(folder_ / "nothing.webp", "");
  for (const char* threads : {"1", "3"}) {
    const CommandResult result = run_facet({"predict", folder_.path().string(), "--format", "json",
                                            "-m", model(), "--threads", threads});
    EXPECT_EQ(result.exit_code, 1);
    const json images = json::parse(result.out).at("images");
    ASSERT_EQ(images.size(), 4U);
    EXPECT_EQ(images.at(0).at("path"), "cut.png");
    EXPECT_EQ(images.at(0).at("status"), "unreadable");
    EXPECT_EQ(images.at(1).at("path"), "good.png");
    EXPECT_EQ(images.at(1).at("status"), "ok");
    for (const int i : {0, 2, 3}) {
      const std::string reason = images.at(i).at("reason");
      EXPECT_NE(reason, "");
      EXPECT_THAT(reason, Not(HasSubstr(folder_.path().string())));
      EXPECT_THAT(result.err,
                  HasSubstr(images.at(i).at("path").get<std::string>() + ": unreadable: "));
    }
  }
}

TEST_F(BadInput, PhotosAboveThePixelLimitAreRefused) {
  const CommandResult result = run_facet(
      {"predict", path("good.png"), "--max-pixels", "1000", "--format", "json", "-m", model()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(json::parse(result.out).at("images").at(0).at("status"), "unreadable");
}

TEST_F(BadInput, AFileBrokenBehindItsPixelsIsReadWithAWarning) {
  const std::string png = read_all(folder_ / "good.png");
  write_all(folder_ / "no_end.png", png.substr(0, png.size() - 12));
  const CommandResult result =
      run_facet({"predict", path("no_end.png"), "--format", "json", "-m", model()});
  EXPECT_EQ(result.exit_code, 0);
  const json photo = json::parse(result.out).at("images").at(0);
  EXPECT_EQ(photo.at("status"), "ok");
  EXPECT_EQ(photo.at("warning"), "the end of the PNG file is missing or damaged");
  EXPECT_THAT(result.err, HasSubstr("no_end.png: warning: the end of the PNG file"));
}

TEST_F(BadInput, APhotoWithoutAllItsPixelsIsReadWhereThatIsAskedFor) {
  const std::string png = read_all(folder_ / "good.png");
  write_all(folder_ / "cut.png", png.substr(0, png.size() * 9 / 10));
  EXPECT_EQ(run_facet({"predict", path("cut.png"), "-m", model()}).exit_code, 1);
  const CommandResult result =
      run_facet({"predict", path("cut.png"), "--tolerant", "--format", "json", "-m", model()});
  EXPECT_EQ(result.exit_code, 0);
  const json photo = json::parse(result.out).at("images").at(0);
  EXPECT_THAT(photo.at("warning").get<std::string>(), HasSubstr("missing"));
}

TEST_F(BadInput, PhotosOfA108MegapixelPhoneAreReadReduced) {
  const std::string photo = std::string(FACET_SOURCE_DIR) + "/tests/image/inputs/p108.png";
  const CommandResult result = run_facet({"locate", photo, "--format", "json", "-m", model()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const json image = json::parse(result.out).at("images").at(0);
  EXPECT_EQ(image.at("width"), 12000);
  EXPECT_EQ(image.at("height"), 9000);
  EXPECT_EQ(image.at("decoded_at"), "1/8");
}

TEST_F(BadInput, AListLeavesUnreadablePhotosOut) {
  write_all(folder_ / "text.jpg", "this is not a photo\n");
  const CommandResult result =
      run_facet({"predict", folder_.path().string(), "--format", "attr-list", "-m", model()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out.substr(0, 2), "1\n");
  EXPECT_THAT(result.out, HasSubstr("\ngood.png "));
  EXPECT_THAT(result.err, HasSubstr("text.jpg"));
}

TEST_F(BadInput, WrongModelFilesStopTheRun) {
  const std::string good = read_all(model());
  write_all(folder_ / "cut.safetensors", good.substr(0, good.size() / 2));
  write_all(folder_ / "foreign.safetensors", "PK\x03\x04 something else altogether");
  std::string flipped = good;
  flipped[flipped.size() - 5] = static_cast<char>(flipped[flipped.size() - 5] ^ 0x40);
  write_all(folder_ / "flipped.safetensors", flipped);
  write_all(folder_ / "empty.safetensors", "");
  for (const std::string name : {"cut", "foreign", "flipped", "empty", "absent"}) {
    const std::string file = path(name + ".safetensors");
    expect_refused(run_facet({"predict", path("good.png"), "-m", file}), name);
    expect_refused(run_facet({"model", "info", file}), name);
  }
  CommandOptions environment;
  environment.environment = {"FACET_MODEL=" + path("foreign.safetensors")};
  expect_refused(run_facet({"locate", path("good.png")}, environment), "foreign");
}

TEST_F(BadInput, AHeadThatTheModelLacksStopsTheRun) {
  expect_refused(run_facet({"predict", path("good.png"), "--head", "other", "-m", model()}),
                 "other");
}

TEST_F(BadInput, AnUnknownThresholdModeIsRefusedWithThoseThereAre) {
  for (const char* wrong : {"best", "Balanced", ""}) {
    const CommandResult result =
        run_facet({"predict", path("good.png"), "-m", model(), "--threshold-mode", wrong});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("--threshold-mode: " + std::string(wrong) +
                                      " not in {accuracy,balanced}\n"));
  }
}

TEST_F(BadInput, OutputThatCannotBeWrittenStopsTheRun) {
  expect_refused(run_facet({"predict", path("good.png"), "-m", model(), "-o",
                            path("no/such/folder/out.json")}),
                 "out.json");
  expect_refused(
      run_facet({"predict", path("good.png"), "-m", model(), "--annotate", path("good.png")}),
      "good.png");
}

}  // namespace
}  // namespace facet::detail
