// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "facet/report.hpp"
#include "report/example_results.hpp"

namespace facet::detail {
namespace {

TEST(Csv, HasALineAFaceAndEmptyCellsForPhotosWithout) {
  EXPECT_EQ(to_csv(example_results(), example_context()),
            "path,status,x,y,width,height,score,below_threshold,5_o_Clock_Shadow,Smiling,Young\n"
            "a/two.jpg,ok,100,50,80.5,100,3.25,0,0.1,0.9,0.95\n"
            "a/two.jpg,ok,300,20,40,50,0.5,1,0.75,0.25,0.2\n"
            "cup.png,no_face,,,,,,,,,\n"
            "broken.jpg,unreadable,,,,,,,,,\n");
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
            "path,status,x,y,width,height,score,below_threshold,\"A,B\"\n");
}

}  // namespace
}  // namespace facet::detail
