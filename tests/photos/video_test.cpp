// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"
#include "photos/video/video_file.hpp"
#include "photos/video_clip.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kWidth = 64;
constexpr int kHeight = 48;

constexpr int kBits = 6;
constexpr int kBar = kWidth / kBits;  // pixels of its width

// Frame i of a clip: bars in its lower half say which one it is, the left upper quarter is red.
Image numbered(int i) {
  Image image(kWidth, kHeight);
  for (int y = kHeight / 2; y < kHeight; ++y) {
    for (int x = 0; x < kBits * kBar; ++x) {
      const bool bright = (i >> (x / kBar) & 1) != 0;
      std::fill_n(image.row(y) + x * 3, 3, static_cast<std::uint8_t>(bright ? 230 : 20));
    }
  }
  for (int y = 0; y < kHeight / 2; ++y) {
    for (int x = 0; x < kWidth / 2; ++x) {
      std::uint8_t* pixel = image.row(y) + x * 3;
      pixel[0] = 220;
      pixel[1] = pixel[2] = 30;
    }
  }
  return image;
}

int number_of(const Image& image) {
  int number = 0;
  for (int bit = 0; bit < kBits; ++bit) {
    const std::uint8_t* pixel = image.row(kHeight * 3 / 4) + (bit * kBar + kBar / 2) * 3;
    if (pixel[1] > 128) number |= 1 << bit;
  }
  return number;
}

bool is_red(const std::uint8_t* pixel) {
  return pixel[0] > 150 && pixel[1] < 100 && pixel[2] < 100;
}

class Video : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path clip(const std::string& name, int frames,
                              const test::ClipForm& form = {}) const {
    std::vector<Image> images;
    for (int i = 0; i < frames; ++i) images.push_back(numbered(i));
    test::write_clip(folder_ / name, images, form);
    return folder_ / name;
  }

  struct Seen {
    std::vector<double> times;
    std::vector<int> numbers;
    std::string warning;
  };
  static Seen look(const fs::path& file, const VideoOptions& options) {
    VideoFile video(file, options);
    Seen seen;
    while (const std::optional<VideoFrame> frame = video.next()) {
      seen.times.push_back(frame->time);
      seen.numbers.push_back(number_of(frame->image));
    }
    seen.warning = video.warning();
    return seen;
  }

  TemporaryFolder folder_;
};

TEST_F(Video, GivesAFrameEverySoOften) {
  for (const char* name : {"a.mp4", "a.mkv", "a.avi"}) {
    SCOPED_TRACE(name);
    const Seen seen = look(clip(name, 35), {.every = 1});
    EXPECT_THAT(seen.times, ElementsAre(DoubleNear(0, 0.01), DoubleNear(1, 0.01),
                                        DoubleNear(2, 0.01), DoubleNear(3, 0.01)));
    EXPECT_THAT(seen.numbers, ElementsAre(0, 10, 20, 30));
    EXPECT_EQ(seen.warning, "");
  }
}

TEST_F(Video, GivesTheSameFramesWhereItCanSkip) {
  // With a key frame every second it seeks; with one at the beginning it decodes all.
  for (const int key_every : {10, 12, 1000}) {
    const Seen seen = look(clip("b.mp4", 48, {.key_every = key_every}), {.every = 1.5});
    EXPECT_THAT(seen.numbers, ElementsAre(0, 15, 30, 45)) << key_every;
  }
}

TEST_F(Video, GivesNoFrameTwice) {
  const Seen seen = look(clip("c.mp4", 5), {.every = 0.03});
  EXPECT_THAT(seen.numbers, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(Video, EndsWhereItIsTold) {
  EXPECT_THAT(look(clip("d.mp4", 35), {.every = 0.5, .until = 1}).numbers, ElementsAre(0, 5, 10));
}

TEST_F(Video, TurnsFramesUpright) {
  // Where the red quarter, stored at the left above, is to be seen.
  struct Case {
    int turn;
    bool right;
    bool below;
  };
  for (const Case& one : {Case{0, false, false}, Case{90, true, false}, Case{180, true, true},
                          Case{270, false, true}}) {
    SCOPED_TRACE(one.turn);
    VideoFile video(clip("turned.mp4", 2, {.turn = one.turn}), {});
    const std::optional<VideoFrame> frame = video.next();
    ASSERT_TRUE(frame);
    const bool on_its_side = one.turn % 180 != 0;
    ASSERT_EQ(frame->image.width, on_its_side ? kHeight : kWidth);
    const int x = frame->image.width / 4 + (one.right ? frame->image.width / 2 : 0);
    const int y = frame->image.height / 4 + (one.below ? frame->image.height / 2 : 0);
    EXPECT_TRUE(is_red(frame->image.row(y) + x * 3));
  }
}

TEST_F(Video, ShowsWhatACutOffFileHolds) {
  const fs::path file = clip("whole.mp4", 60);
  const auto size = fs::file_size(file);
  fs::resize_file(file, size * 2 / 3);
  const Seen seen = look(file, {.every = 1});
  EXPECT_GE(seen.numbers.size(), 2U);
  EXPECT_LT(seen.numbers.size(), 6U);
  for (std::size_t i = 0; i < seen.numbers.size(); ++i) {
    EXPECT_EQ(seen.numbers[i], static_cast<int>(10 * i));
  }
  EXPECT_THAT(seen.warning, HasSubstr("the end of the video is missing or damaged"));
}

TEST_F(Video, PassesOverDamagedFramesWithAWord) {
  const fs::path file = clip("hurt.mp4", 60);
  const auto size = fs::file_size(file);
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(size / 2));
  stream << std::string(size / 8, '\x5A');
  stream.close();
  const Seen seen = look(file, {.every = 0.1});
  EXPECT_GE(seen.numbers.size(), 20U);
  EXPECT_NE(seen.warning, "");
}

std::string refusal(const fs::path& file, const VideoOptions& options = {}) {
  try {
    VideoFile video(file, options);
    while (video.next()) {
    }
    return "no refusal";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_F(Video, IsRefusedWithAReason) {
  std::ofstream(folder_ / "text.mp4") << "This is a letter, not a film.";
  EXPECT_THAT(refusal(folder_ / "text.mp4"), HasSubstr("damaged or unsupported video file"));
  EXPECT_THAT(refusal(folder_ / "gone.mp4"), HasSubstr("No such file"));
  VideoOptions small;
  small.max_pixels = kWidth * kHeight - 1;
  EXPECT_THAT(refusal(clip("large.mp4", 2), small), HasSubstr("--max-pixels"));
  const fs::path cut = clip("cut.mp4", 30, {.header_first = false});
  fs::resize_file(cut, fs::file_size(cut) / 2);
  EXPECT_THAT(refusal(cut), HasSubstr("damaged or unsupported video file"));
}

TEST_F(Video, OpensNoOtherFiles) {
  const fs::path other = clip("secret.mp4", 3);
  std::ofstream(folder_ / "list.mp4") << "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
                                      << other.string() << "\n#EXT-X-ENDLIST\n";
  std::ofstream(folder_ / "concat.mp4") << "ffconcat version 1.0\nfile 'secret.mp4'\n";
  for (const char* name : {"list.mp4", "concat.mp4"}) {
    EXPECT_THAT(refusal(folder_ / name), HasSubstr("damaged or unsupported video file")) << name;
  }
}

TEST_F(Video, NamesThePackageWhereThePluginIsMissing) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("FACET_VIDEO_PLUGIN", "/nowhere/libfacet_video.so", 1);
        const std::string text = refusal(folder_ / "any.mp4");
        std::exit(text.find("libavformat-dev") != std::string::npos ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Seconds, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(parse_seconds("1s"), 1.0);
  EXPECT_EQ(parse_seconds("0.25"), 0.25);
  EXPECT_EQ(parse_seconds("500ms"), 0.5);
  EXPECT_EQ(parse_seconds("2m"), 120.0);
  EXPECT_EQ(parse_seconds("1h"), 3600.0);
  for (const char* wrong : {"", "s", "-1s", "0", "1 s", "1e3", "nan", "25h", "5x", "1s2"}) {
    EXPECT_EQ(parse_seconds(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace facet::detail
