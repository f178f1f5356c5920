// SPDX-License-Identifier: Apache-2.0
// facet index and facet search, the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

namespace fs = std::filesystem;

class IndexCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    write_small_model(folder_ / "small.safetensors");
    fs::create_directories(photos() / "below");
    write_blob_photo(photos() / "a.png");
    write_blob_photo(photos() / "below" / "b.png", 90);
    write_flat_photo(photos() / "flat.png");
  }

  [[nodiscard]] fs::path photos() const { return folder_.path() / "photos"; }
  [[nodiscard]] std::string db() const { return (folder_ / "index.db").string(); }

  [[nodiscard]] CommandOptions options() const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=" + (folder_ / "small.safetensors").string(),
                           "FACET_DB=" + db()};
    return options;
  }
  CommandResult facet(const std::vector<std::string>& words) const {
    return run_facet(words, options());
  }
  [[nodiscard]] json search(const std::string& query) const {
    const CommandResult result = facet({"search", "--format", "json", "--", query});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out);
  }

  TemporaryFolder folder_;
};

TEST_F(IndexCommand, FillsAnIndexAndAsksIt) {
  const CommandResult first = facet({"index", "photos"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, StartsWith("3 photos added with 2 faces"));
  EXPECT_THAT(facet({"index", "photos"}).out, HasSubstr("3 as before"));

  const json any = search("celeba_0 | -celeba_0");
  EXPECT_EQ(any["schema"], 1);
  EXPECT_EQ(any["faces_searched"], 2);
  ASSERT_EQ(any["photos"].size(), 2U);
  const json& photo = any["photos"][0];
  EXPECT_THAT(photo["path"].get<std::string>(), HasSubstr("/photos/"));
  ASSERT_EQ(photo["faces"].size(), 1U);
  EXPECT_EQ(photo["faces"][0]["attributes"][0]["name"], "celeba_0");
  EXPECT_GT(photo["faces"][0]["box"]["width"], 0);

  EXPECT_EQ(search("faces:0")["photos"].size(), 1U);
  EXPECT_EQ(search("path:below faces:1")["photos"].size(), 1U);
  EXPECT_EQ(search("-faces:1")["photos"].size(), 1U);
}

TEST_F(IndexCommand, WritesEveryFormat) {
  facet({"index", "photos"});
  const auto as = [&](const std::string& format) {
    return facet({"search", "faces:1", "--format", format}).out;
  };
  EXPECT_THAT(as("table"), HasSubstr("2 photos for faces:1"));
  EXPECT_THAT(as("csv"), StartsWith("path,probability,certain,face,x,y,width,height\n"));
  const std::string lines = as("jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_EQ(as("paths"),
            (photos() / "a.png").string() + '\n' + (photos() / "below" / "b.png").string() + '\n');
  const std::string zeros = facet({"search", "faces:1", "--format", "paths", "-0"}).out;
  EXPECT_EQ(std::count(zeros.begin(), zeros.end(), '\0'), 2);
  EXPECT_EQ(facet({"search", "faces:1", "-o", "found.txt"}).exit_code, 0);
  EXPECT_EQ(read_all(folder_ / "found.txt"), as("table"));
}

TEST_F(IndexCommand, ShowsWhereAQueryIsWrong) {
  facet({"index", "photos"});
  CommandResult result = facet({"search", "celeba_0 (celeba_1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("not closed\n  celeba_0 (celeba_1\n           ^\n"));
  result = facet({"search", "celeba_0 clebaa_1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean \"celeba_1\""));
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(facet({"search", "--help-query"}).out, HasSubstr("celeba_39"));
}

TEST_F(IndexCommand, MakesAlbums) {
  facet({"index", "photos"});
  EXPECT_EQ(facet({"search", "faces:1", "--link-to", "album", "--format", "paths"}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(folder_ / "album/a.png"));
  EXPECT_EQ(read_all(folder_ / "album/b.png"), read_all(photos() / "below" / "b.png"));
  const CommandResult copies = facet({"search", "faces:1", "--copy-to", "album"});
  EXPECT_EQ(copies.exit_code, 0) << copies.err;
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder_ / "album/a-2.png")));
  EXPECT_THAT(facet({"search", "faces:1", "--copy-to", "album"}).err, HasSubstr("2 were there"));
}

TEST_F(IndexCommand, TellsWhatItHolds) {
  write_all(photos() / "broken.jpg", "no photo");
  const CommandResult run = facet({"index", "photos"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("broken.jpg: unreadable:"));
  const CommandResult status = facet({"index", "--status"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("photos        4\n"));
  EXPECT_THAT(status.out, HasSubstr("broken.jpg: "));
  EXPECT_EQ(facet({"index", "photos"}).exit_code, 0);  // known, and said before
}

TEST_F(IndexCommand, WatchesUntilASignalComes) {
  const auto wait_for = [](const std::function<bool()>& there) {
    for (int i = 0; i < 600 && !there(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return there();
  };
  for (const int signal : {SIGTERM, SIGINT}) {
    RunningFacet watching({"index", "photos", "--watch"}, options());
    ASSERT_TRUE(wait_for([&] { return watching.err().find("watching") != std::string::npos; }))
        << watching.err();
    const std::string name = signal == SIGTERM ? "first.png" : "second.png";
    write_blob_photo(photos() / name, signal == SIGTERM ? 60 : 70);
    EXPECT_TRUE(wait_for([&] {
      return facet({"search", "faces:1", "--format", "paths"}).out.find(name) != std::string::npos;
    })) << watching.err();
    watching.send(signal);
    const CommandResult ended = watching.wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("all that was found is in the index"));
    EXPECT_THAT(ended.out, HasSubstr("added with"));
  }
  EXPECT_THAT(facet({"index", "photos"}).out, HasSubstr("5 as before"));
}

TEST_F(IndexCommand, MarksAMissingFolder) {
  facet({"index", "photos"});
  fs::rename(photos(), folder_ / "unmounted");
  const CommandResult run = facet({"index", "photos"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("marked offline"));
  EXPECT_EQ(search("faces:1")["photos"][0]["offline"], true);
  fs::rename(folder_ / "unmounted", photos());
  EXPECT_EQ(facet({"index", "photos"}).exit_code, 0);
  EXPECT_FALSE(search("faces:1")["photos"][0].contains("offline"));
}

TEST_F(IndexCommand, PassesOverNothingWithoutAWord) {
  std::ofstream(photos() / "clip.mp4") << "a video";
  std::ofstream(photos() / "below" / "clip.mp4") << "another";
  EXPECT_THAT(facet({"index", "photos"}).err,
              HasSubstr("passed over 2 videos (facet predict --videos looks at them): 2 .mp4"));
  const CommandResult mistyped = facet({"index", "photoz"});
  EXPECT_EQ(mistyped.exit_code, 1);
  EXPECT_THAT(mistyped.err, HasSubstr("photoz: no such folder"));
}

TEST_F(IndexCommand, ForgetsForGood) {
  facet({"index", "photos"});
  ASSERT_THAT(read_all(db()), HasSubstr("below"));
  EXPECT_THAT(facet({"index", "--forget", "photos/below/b.png"}).out, HasSubstr("forgot 1 photo"));
  EXPECT_THAT(read_all(db()), Not(HasSubstr("b.png")));
  EXPECT_THAT(facet({"index", "photos"}).out, HasSubstr("1 left out as forgotten"));
  EXPECT_EQ(search("faces:1")["photos"].size(), 1U);
  const std::string face = search("faces:1 -celeba_0>1")["photos"][0]["faces"][0]["id"];
  EXPECT_EQ(facet({"index", "--forget", face}).exit_code, 0);
  EXPECT_EQ(search("faces:1")["photos"].size(), 0U);
  EXPECT_EQ(facet({"index", "--forget", "nothing.png"}).exit_code, 2);
  EXPECT_EQ(facet({"index", "--allow-again", "photos/below/b.png", "photos"}).exit_code, 0);
  EXPECT_EQ(search("path:below")["photos"].size(), 1U);
  EXPECT_EQ(facet({"index", "--wipe"}).exit_code, 0);
  EXPECT_THAT(read_all(db()), Not(HasSubstr("a.png")));
  EXPECT_EQ(facet({"search", "faces:0"}).exit_code, 2);  // it is empty
}

TEST_F(IndexCommand, ComparesFacesOnlyWhereAskedTo) {
  facet({"index", "photos"});
  EXPECT_THAT(facet({"search", "--like", "photos/a.png"}).err, HasSubstr("--features"));
  const CommandResult opted = facet({"index", "photos", "--features", "--reindex"});
  EXPECT_EQ(opted.exit_code, 0) << opted.err;
  EXPECT_THAT(opted.err, HasSubstr("can identify people"));
  const CommandResult like = facet({"search", "--like", "photos/a.png", "--format", "paths"});
  EXPECT_EQ(like.exit_code, 0) << like.err;
  EXPECT_THAT(like.out, HasSubstr((photos() / "a.png").string() + '\n'));
  // Later runs go on as the index has it.
  EXPECT_THAT(facet({"index", "photos"}).out, HasSubstr("3 as before"));
  EXPECT_THAT(facet({"search", "--like", "photos/flat.png"}).err, HasSubstr("shows no face"));
}

TEST_F(IndexCommand, AsksBeforeItMixesModels) {
  facet({"index", "photos"});
  const CommandResult other = facet({"index", "photos", "--head", "lfwa"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("--reindex"));
  EXPECT_EQ(facet({"index", "photos", "--head", "lfwa", "--reindex"}).exit_code, 0);
  EXPECT_EQ(search("lfwa_0 | -lfwa_0")["photos"].size(), 2U);
}

TEST_F(IndexCommand, SaysWhatItCannotDo) {
  EXPECT_THAT(facet({"search", "smiling"}).err, HasSubstr("make one with facet index"));
  EXPECT_EQ(facet({"search", "smiling"}).exit_code, 2);
  EXPECT_THAT(facet({"index"}).err, HasSubstr("name the folders"));
  EXPECT_THAT(facet({"index", "photos/a.png"}).err, HasSubstr("takes folders"));
  EXPECT_THAT(facet({"index", "photos", "--shard", "5/4"}).err, HasSubstr("1/8"));
  EXPECT_THAT(facet({"index", "nowhere"}).out, HasSubstr("0 photos added"));
}

}  // namespace
}  // namespace facet::detail
