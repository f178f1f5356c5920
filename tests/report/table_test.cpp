// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "facet/report.hpp"
#include "report/example_results.hpp"

namespace facet::detail {
namespace {

TEST(Table, ShowsWarningsBelowThePhoto) {
  PhotoResult broken = no_face();
  broken.warning = "the end of the JPEG file is missing or damaged";
  EXPECT_THAT(to_table(std::vector{broken}, example_context()),
              testing::HasSubstr("warning: the end of the JPEG file is missing or damaged\n"));
}

TEST(Table, ShowsBoxScoreAndTheAttributesThatHold) {
  EXPECT_EQ(to_table(example_results(), example_context()),
            "photo       face  box x,y WxH    score  attributes\n"
            "a/two.jpg   1     100,50 81x100  3.25   Young 0.95, Smiling 0.90\n"
            "            2     300,20 40x50   0.50   [below threshold], 5_o_Clock_Shadow 0.75, "
            "Young 0.20\n"
            "cup.png     -     no face\n"
            "broken.jpg  -     unreadable: truncated JPEG\n"
            "smallest face looked for: 40 pixels high\n");
}

TEST(Table, SaysWhichSmallestFacesWereLookedFor) {
  std::vector<PhotoResult> results = {no_face(), no_face(), unreadable()};
  results[1].min_face = 100.2F;
  EXPECT_THAT(
      to_table(results, example_context()),
      ::testing::EndsWith("\nsmallest face looked for: 40 to 100 pixels high, by the size of "
                          "the photo\n"));
  EXPECT_THAT(to_table(std::vector{unreadable()}, example_context()),
              ::testing::EndsWith("truncated JPEG\n"));
}

TEST(Table, BreaksLongListsBetweenAttributes) {
  ReportContext context{"m", {}};
  PhotoResult result = two_faces();
  result.faces.resize(1);
  result.faces[0].attributes.clear();
  for (int i = 0; i < 40; ++i) {
    context.attribute_names.push_back("Attribute_" + std::to_string(i));
    result.faces[0].attributes.push_back({"Attribute_" + std::to_string(i), 0.9F, 0.5F, true});
  }
  std::istringstream lines(to_table(std::vector{result}, context));
  std::size_t names = 0;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(line.size(), 100U) << line;
    for (std::size_t at = line.find("Attribute_"); at != std::string::npos;
         at = line.find("Attribute_", at + 1)) {
      ++names;
    }
  }
  EXPECT_EQ(names, 40U);
  EXPECT_GT(count, 10);
}

TEST(Table, GivesLongPathsALineOfTheirOwn) {
  PhotoResult result = no_face();
  result.path = std::string(60, 'x') + ".jpg";
  const std::string text = to_table(std::vector{result, no_face()}, example_context());
  EXPECT_NE(text.find('\n' + result.path + "\n         -     no face\n"), std::string::npos)
      << text;
}

TEST(Table, AlignsNamesBeyondAscii) {
  PhotoResult result = no_face();
  result.path = "\xC3\xA9\xC3\xA9\xC3\xA9.png";  // as wide as cup.png
  const std::string text = to_table(std::vector{result, no_face()}, example_context());
  EXPECT_NE(text.find(result.path + "  -     no face\n"), std::string::npos) << text;
}

TEST(Table, KeepsControlCharactersFromTheTerminal) {
  PhotoResult result = no_face();
  result.path = "a\x1b[2J\n.jpg";
  EXPECT_NE(to_table(std::vector{result}, example_context()).find("a\\x1b[2J"), std::string::npos);
}

}  // namespace
}  // namespace facet::detail
