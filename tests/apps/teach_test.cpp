// SPDX-License-Identifier: Apache-2.0
// facet teach, and facet predict with what it wrote, on a model small enough for tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "facet/taught_head.hpp"
#include "image/encode.hpp"
#include "localise/blob_model.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

// Blobs on dark ground have the attribute, those on grey ground do not.
void write_photo(const fs::path& file, bool dark) {
  Image photo = testing::flat_photo(160, 120, dark ? 10 : 60);
  testing::draw_blob(photo, 70, 60, 30);
  const std::vector<std::byte> bytes = encode_png(photo);
  write_all(file, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

class TeachCommand : public ::testing::Test {
 protected:
  TeachCommand() {
    fs::create_directories(folder_ / "photos" / "more");
    labels_ = "path,label\n";
    for (int i = 0; i < 24; ++i) {
      const std::string name = (i < 4 ? "more/p" : "p") + std::to_string(i) + ".png";
      write_photo(folder_ / ("photos/" + name), i % 2 == 0);
      labels_ += name + (i % 2 == 0 ? ",1\n" : ",0\n");
    }
    write_small_model(folder_ / "model.safetensors");
  }

  [[nodiscard]] CommandResult run(const std::vector<std::string>& arguments) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=" + (folder_ / "model.safetensors").string()};
    return run_facet(arguments, options);
  }
  [[nodiscard]] CommandResult teach(const std::string& labels) const {
    write_all(folder_ / "labels.csv", labels);
    return run({"teach", "Dark", "--labels", "labels.csv", "photos", "--out", "dark.head"});
  }
  // Exit code 2, one line that says why, and no head.
  void expect_refused(const CommandResult& result, const std::string& reason) const {
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(reason));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(fs::exists(folder_ / "dark.head"));
  }

  TemporaryFolder folder_;
  std::string labels_;
};

TEST_F(TeachCommand, TeachesWhatPredictThenSays) {
  const CommandResult taught = teach(labels_);
  ASSERT_EQ(taught.exit_code, 0) << taught.err;
  EXPECT_THAT(taught.out, HasSubstr("Dark, a head for model blobs 1"));
  EXPECT_THAT(taught.out, HasSubstr("24 (12 with, 12 without)"));
  EXPECT_THAT(taught.out, HasSubstr("majority answer     50.0 %"));
  EXPECT_THAT(taught.err, HasSubstr("24 photos only"));
  const TaughtHead head = TaughtHead::load(folder_ / "dark.head");
  EXPECT_EQ(head.name, "Dark");
  EXPECT_EQ(head.model_name, "blobs");
  EXPECT_EQ(head.licence, "Apache-2.0");
  EXPECT_EQ(head.teaching.photos, 24U);
  EXPECT_GT(head.teaching.accuracy, 0.9F);

  const CommandResult predicted =
      run({"predict", "photos", "--extra-head", "dark.head", "--format", "json"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_EQ(predicted.err, "");
  int right = 0;
  const json images = json::parse(predicted.out).at("images");
  ASSERT_EQ(images.size(), 24U);
  for (const json& image : images) {
    const json& attributes = image.at("faces").at(0).at("attributes");
    ASSERT_EQ(attributes.size(), 41U);
    EXPECT_EQ(attributes.at(40).at("name"), "Dark");
    const bool present = attributes.at(40).at("present").get<bool>();
    EXPECT_EQ(present, attributes.at(40).at("probability").get<double>() >= 0.5);
    const std::string line = image.at("path").get<std::string>() + (present ? ",1\n" : ",0\n");
    right += labels_.find(line) != std::string::npos ? 1 : 0;
  }
  EXPECT_GE(right, 23);
}

TEST_F(TeachCommand, TheHeadShowsInEveryFormat) {
  ASSERT_EQ(teach(labels_).exit_code, 0);
  const CommandResult csv = run({"predict", "photos/p4.png", "--extra-head", "dark.head", "-f",
                                 "csv", "--annotate", "marked"});
  EXPECT_THAT(csv.out, HasSubstr(",celeba_39,Dark\n"));
  EXPECT_TRUE(fs::exists(folder_ / "marked/p4.png"));
  EXPECT_THAT(run({"predict", "photos/p4.png", "--extra-head", "dark.head"}).out,
              HasSubstr("Dark 0."));
  const CommandResult list =
      run({"predict", "photos", "--extra-head", "dark.head", "--format", "attr-list"});
  EXPECT_EQ(list.exit_code, 2);
  EXPECT_EQ(list.out, "");
  EXPECT_THAT(list.err, HasSubstr("attr-list"));
}

TEST_F(TeachCommand, TheSameHeadTwiceIsRefused) {
  ASSERT_EQ(teach(labels_).exit_code, 0);
  const CommandResult twice =
      run({"predict", "photos", "--extra-head", "dark.head", "--extra-head", "dark.head"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("Dark"));
}

TEST_F(TeachCommand, HeadsOfOtherModelsAreRefusedByNameAndVersion) {
  ASSERT_EQ(teach(labels_).exit_code, 0);
  LoadedModel other = read_model(folder_ / "model.safetensors");
  other.parts.version = "7";
  other.networks["anet"].weights["FC.weight"].values[0] += 1;
  write_model(folder_ / "other.safetensors", other.parts, other.networks);
  const CommandResult result =
      run({"predict", "photos", "--extra-head", "dark.head", "-m", "other.safetensors"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  for (const char* part : {"dark.head", "Dark", "blobs 1", "blobs 7"}) {
    EXPECT_THAT(result.err, HasSubstr(part));
  }
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
}

TEST_F(TeachCommand, GoesOnWithoutPhotosThatItCannotUse) {
  write_flat_photo(folder_ / "photos/flat.png");
  write_all(folder_ / "photos/broken.png", "no photo");
  write_blob_photo(folder_ / "photos/unlabelled.png");
  const CommandResult result =
      teach(labels_ + "flat.png,1\nbroken.png,0\ngone.png,1\nlost.png,0\np5.png,0\n");
  EXPECT_EQ(result.exit_code, 1) << "as for every command, some photos were unreadable";
  for (const char* part :
       {"24 (12 with, 12 without)", "1 without a face", "1 unreadable", "1 without a label",
        "2 labelled but not found (the first: \"gone.png\", line 28)",
        "1 repeated labels (the first: line 30)"}) {
    EXPECT_THAT(result.out, HasSubstr(part));
  }
  EXPECT_THAT(result.err, HasSubstr("broken.png: unreadable: "));
  EXPECT_EQ(TaughtHead::load(folder_ / "dark.head").teaching.photos, 24U);
}

TEST_F(TeachCommand, JudgesByOtherPeopleWhereFoldersAreOnePersonEach) {
  write_all(folder_ / "labels.csv", labels_);
  const std::vector<std::string> command = {"teach",  "Dark",  "--labels",  "labels.csv",
                                            "photos", "--out", "dark.head", "--person-folders"};
  const CommandResult taught = run(command);
  ASSERT_EQ(taught.exit_code, 0) << taught.err;
  EXPECT_THAT(taught.out, HasSubstr("cross-validated by person, 2 people, 2 folds"));
  fs::remove(folder_ / "dark.head");
  fs::remove_all(folder_ / "photos/more");
  expect_refused(run(command), "are all of one person");
}

TEST_F(TeachCommand, RefusesListsThatCannotTeach) {
  std::string ones;
  for (int i = 4; i < 24; ++i) ones += "p" + std::to_string(i) + ".png,1\n";
  expect_refused(teach(ones), "no usable photo is labelled 0");
  expect_refused(teach("p4.png,1\np5.png,0\np6.png,1\np7.png,0\n"), "only 4 usable photos");
  expect_refused(teach(labels_ + "p5.png,1\n"), "labels.csv:26: \"p5.png\" is labelled 1");
  expect_refused(teach(labels_ + "p5.png,maybe\n"), "labels.csv:26: label \"maybe\"");
  expect_refused(teach("x.png,1\ny.png,0\n"), "none of its 2 paths");
  expect_refused(run({"teach", "Dark", "--labels", "none.csv", "photos", "--out", "dark.head"}),
                 "none.csv: no such file");
}

TEST_F(TeachCommand, RefusesNamesAndTargetsThatWillNotDo) {
  write_all(folder_ / "labels.csv", labels_);
  expect_refused(
      run({"teach", "two words", "--labels", "labels.csv", "photos", "--out", "dark.head"}),
      "two words");
  expect_refused(run({"teach", "Dark", "--labels", "labels.csv", "photos", "--out", "no/dark"}),
                 "no such folder");
  expect_refused(run({"teach", "Dark", "--labels", "labels.csv", "photos", "--out", "photos"}),
                 "is a folder");
  expect_refused(run({"teach", "Dark", "--labels", "labels.csv", "photos", "--out", "labels.csv"}),
                 "files that this run reads");
  EXPECT_EQ(read_all(folder_ / "labels.csv"), labels_);
}

TEST_F(TeachCommand, WarnsOfANameThatTheModelUsesAlready) {
  write_all(folder_ / "labels.csv", labels_);
  const CommandResult taught =
      run({"teach", "celeba_3", "--labels", "labels.csv", "photos", "--out", "dark.head"});
  EXPECT_EQ(taught.exit_code, 0);
  EXPECT_THAT(taught.err, HasSubstr("celeba_3 already"));
  const CommandResult predicted =
      run({"predict", "photos/p4.png", "--extra-head", "dark.head", "-f", "csv"});
  EXPECT_EQ(predicted.exit_code, 0);
  EXPECT_THAT(predicted.out, HasSubstr(",celeba_39,celeba_3\n"));
  EXPECT_THAT(predicted.err, HasSubstr("celeba_3 too"));
}

TEST_F(TeachCommand, AnswersTheSameOnAnyNumberOfThreads) {
  write_all(folder_ / "labels.csv", labels_);
  const auto head = [&](const std::string& threads) {
    EXPECT_EQ(run({"teach", "Dark", "--labels", "labels.csv", "photos", "--out", "dark.head",
                   "--threads", threads})
                  .exit_code,
              0);
    return read_all(folder_ / "dark.head");
  };
  EXPECT_EQ(head("1"), head("3"));
}

}  // namespace
}  // namespace facet::detail
