// SPDX-License-Identifier: Apache-2.0
// facet predict and locate on videos, with a model small enough for tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "facet/image.hpp"
#include "model/temporary_folder.hpp"
#include "photos/video_clip.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class VideoCommand : public ::testing::Test {
 protected:
  VideoCommand() {
    write_blob_photo(folder_ / "blob.png");
    write_flat_photo(folder_ / "flat.png");
    write_small_model(folder_ / "model.safetensors");
    // Two seconds with a face, one without.
    std::vector<Image> frames(20, read_image(folder_ / "blob.png"));
    frames.insert(frames.end(), 10, read_image(folder_ / "flat.png"));
    fs::create_directories(folder_ / "in");
    test::write_clip(folder_ / "in/clip.mp4", frames);
  }

  [[nodiscard]] CommandResult run(std::vector<std::string> arguments,
                                  std::vector<std::string> environment = {}) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = std::move(environment);
    options.environment.push_back("FACET_MODEL=" + (folder_ / "model.safetensors").string());
    return run_facet(arguments, options);
  }
  [[nodiscard]] json images(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--format", "json"});
    const CommandResult result = run(std::move(arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out).at("images");
  }

  TemporaryFolder folder_;
};

TEST_F(VideoCommand, GivesAResultAFrameAmongPhotosInTheirPlace) {
  for (const char* threads : {"1", "2"}) {
    const json found =
        images({"predict", "flat.png", "in/clip.mp4", "blob.png", "--threads", threads});
    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found.at(0).at("path"), "flat.png");
    EXPECT_FALSE(found.at(0).contains("time"));
    for (std::size_t i = 1; i < 4; ++i) {
      EXPECT_EQ(found.at(i).at("path"), "in/clip.mp4");
      EXPECT_EQ(found.at(i).at("time"), i - 1);
    }
    EXPECT_EQ(found.at(1).at("status"), "ok");
    EXPECT_EQ(found.at(3).at("status"), "no_face");
    EXPECT_EQ(found.at(4).at("path"), "blob.png");
  }
}

TEST_F(VideoCommand, FollowsFaces) {
  const json found = images({"predict", "in/clip.mp4", "--every", "500ms", "--tracks"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(0).at("frames"), 6);
  ASSERT_EQ(found.at(0).at("faces").size(), 1U);
  const json& track = found.at(0).at("faces").at(0).at("track");
  EXPECT_EQ(track.at("first"), 0);
  EXPECT_EQ(track.at("last"), 1.5);
  EXPECT_EQ(track.at("frames"), 4);
}

TEST_F(VideoCommand, ShowsTimesInTablesAndCsv) {
  EXPECT_THAT(run({"predict", "in/clip.mp4"}).out, HasSubstr("in/clip.mp4 0:01.000"));
  EXPECT_THAT(run({"predict", "in/clip.mp4", "--tracks"}).out,
              HasSubstr("[0:00.000 to 0:01.000, 2 frames]"));
  const std::string csv = run({"predict", "in/clip.mp4", "--format", "csv"}).out;
  EXPECT_THAT(csv, HasSubstr(",reason,time,"));
  EXPECT_THAT(csv, HasSubstr("\nin/clip.mp4,no_face,,,,,,,,,,,2,"));
}

TEST_F(VideoCommand, PassesOverVideosOfFoldersUnlessAskedFor) {
  const CommandResult folder = run({"predict", ".", "--format", "csv"});
  EXPECT_THAT(folder.err, HasSubstr("passed over 1 video (facet predict --videos looks at them)"));
  EXPECT_THAT(folder.out, Not(HasSubstr("clip.mp4")));
  EXPECT_THAT(run({"predict", ".", "--videos", "--format", "csv"}).out,
              HasSubstr("in/clip.mp4,ok"));
}

TEST_F(VideoCommand, NamesThePackagesWhereThePluginIsMissing) {
  const CommandResult result = run({"predict", "in/clip.mp4", "blob.png"},
                                   {"FACET_VIDEO_PLUGIN=/nowhere/libfacet_video.so"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("in/clip.mp4: unreadable: videos need the plugin"));
  EXPECT_THAT(result.err, HasSubstr("libavformat-dev"));
  EXPECT_THAT(result.out, HasSubstr("blob.png")) << "the photo is answered";
  const CommandResult formats = run({"formats"}, {"FACET_VIDEO_PLUGIN=/nowhere/libfacet_video.so"});
  EXPECT_THAT(formats.out, HasSubstr("Videos"));
  EXPECT_THAT(formats.out, HasSubstr("libavformat-dev"));
}

TEST_F(VideoCommand, SaysWhatDoesNotGoWithVideos) {
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"--format", "attr-list"}, {"--annotate", "pictures"}}) {
    std::vector<std::string> arguments = {"predict", "in/clip.mp4"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(options.front()));
    EXPECT_THAT(result.err, HasSubstr("does not go with videos"));
  }
  EXPECT_EQ(run({"predict", "in/clip.mp4", "--every", "0"}).exit_code, 2);
  const CommandResult maps = run({"locate", "in/clip.mp4", "--maps", "pictures"});
  EXPECT_EQ(maps.exit_code, 2);
  EXPECT_THAT(maps.err, HasSubstr("--maps does not go with videos"));
}

TEST_F(VideoCommand, LocatesFacesOfFrames) {
  const json found = images({"locate", "flat.png", "in/clip.mp4", "--every", "1s"});
  ASSERT_EQ(found.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(found.at(i).at("time"), i - 1);
  EXPECT_EQ(found.at(1).at("faces").size(), 1U);
  EXPECT_THAT(found.at(3).at("faces"), testing::IsEmpty());
  const std::string boxes = run({"locate", "in/clip.mp4", "--every", "500ms", "--until", "1s"}).out;
  EXPECT_THAT(boxes, testing::StartsWith("in/clip.mp4#t=0 "));
  EXPECT_THAT(boxes, HasSubstr("\nin/clip.mp4#t=0.5 "));
  EXPECT_THAT(boxes, HasSubstr("\nin/clip.mp4#t=1 "));
  EXPECT_THAT(run({"locate", "."}).err, HasSubstr("passed over 1 video"));
}

}  // namespace
}  // namespace facet::detail
