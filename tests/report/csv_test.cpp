// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "facet/report.hpp"
#include "report/example_results.hpp"

namespace facet::detail {
namespace {

TEST(Csv, HasALineAFaceAndEmptyCellsForPhotosWithout) {
  EXPECT_EQ(to_csv(example_results(), example_context()),
            "path,status,x,y,width,height,score,below_threshold,turn,faces_left_out,warning,reason,"
            "5_o_Clock_Shadow,Smiling,Young\n"
            "a/two.jpg,ok,100,50,80.5,100,3.25,0,0,,,,0.1,0.9,0.95\n"
            "a/two.jpg,ok,300,20,40,50,0.5,1,0,,,,0.75,0.25,0.2\n"
            "cup.png,no_face,,,,,,,,,,,,,\n"
            "broken.jpg,unreadable,,,,,,,,,,truncated JPEG,,,\n");
}

TEST(Csv, SaysWhatJsonSaysOfAPhoto) {
  PhotoResult result = example_results().front();
  result.warning = "the end of the JPEG file is missing, or damaged";
  result.faces_left_out = 7;
  result.faces.resize(1);
  result.faces.front().turn = 90;
  EXPECT_EQ(
      to_csv(std::vector{result}, {"m", {}}),
      "path,status,x,y,width,height,score,below_threshold,turn,faces_left_out,warning,reason\n"
      "a/two.jpg,ok,100,50,80.5,100,3.25,0,90,7,"
      "\"the end of the JPEG file is missing, or damaged\",\n");
}

TEST(Csv, HasColumnsForVideosWhereThereAreSome) {
  PhotoResult frame = no_face();
  frame.path = "a.mp4";
  frame.time = 1.5;
  ReportContext context{"m", {"Smiling"}};
  context.times = true;
  EXPECT_EQ(to_csv(std::vector{frame}, context),
            "path,status,x,y,width,height,score,below_threshold,turn,faces_left_out,warning,reason,"
            "time,Smiling\n"
            "a.mp4,no_face,,,,,,,,,,,1.5,\n");
  PhotoResult video = example_results().front();
  video.faces.resize(1);
  video.faces.front().track = FaceTrack{0, 12.25, 9, 3};
  ReportContext followed{"m", {}};
  followed.tracks = true;
  EXPECT_EQ(to_csv(std::vector{video, no_face()}, followed),
            "path,status,x,y,width,height,score,below_threshold,turn,faces_left_out,warning,reason,"
            "first_time,last_time,frames\n"
            "a/two.jpg,ok,100,50,80.5,100,3.25,0,0,,,,0,12.25,9\n"
            "cup.png,no_face,,,,,,,,,,,,,\n");
}

TEST(Csv, QuotesWhatWouldBreakALine) {
  PhotoResult result = no_face();
  const auto first_cell = [&](const std::string& path) {
    result.path = path;
    const std::string text = to_csv(std::vector{result}, {"m", {}});
    const std::size_t line = text.find('\n') + 1;
    return text.substr(line, text.find(",no_face", line) - line);
  };
  EXPECT_EQ(first_cell("plain name.jpg"), "plain name.jpg");
  EXPECT_EQ(first_cell("a,b.jpg"), "\"a,b.jpg\"");
  EXPECT_EQ(first_cell("say \"hi\".jpg"), "\"say \"\"hi\"\".jpg\"");
  EXPECT_EQ(first_cell("two\nlines.jpg"), "\"two\nlines.jpg\"");
  EXPECT_EQ(first_cell("return\r.jpg"), "\"return\r.jpg\"");
  EXPECT_EQ(first_cell(" space.jpg"), "\" space.jpg\"");
}

TEST(Csv, OfNoPhotosIsItsHeader) {
  EXPECT_EQ(to_csv({}, {"m", {"A,B"}}),
            "path,status,x,y,width,height,score,below_threshold,turn,faces_left_out,warning,reason,"
            "\"A,B\"\n");
}

}  // namespace
}  // namespace facet::detail
