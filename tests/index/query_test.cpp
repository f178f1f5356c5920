// SPDX-License-Identifier: Apache-2.0
#include "index/query/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "index/query/query_error.hpp"
#include "index/random_query.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

std::string reprinted(const std::string& text) {
  return print_query(parse_query(text));
}

struct Complaint {
  std::string message;
  std::string place;  // what the caret and its tail mark
};

Complaint complaint(const std::string& text) {
  try {
    parse_query(text);
  } catch (const QueryError& error) {
    return {error.what(), text.substr(error.span().first, error.span().count)};
  }
  return {"nothing", ""};
}

TEST(Query, ReadsWhatPeopleType) {
  EXPECT_EQ(reprinted("smiling -eyeglasses young>0.8 faces:2"),
            "smiling -eyeglasses young>0.8 faces:2");
  EXPECT_EQ(reprinted("  smiling   and NOT eyeglasses"), "smiling -eyeglasses");
  EXPECT_EQ(reprinted("bald or gray_hair"), "bald | gray_hair");
  EXPECT_EQ(reprinted("smiling (beard|mustache)"), "smiling (beard | mustache)");
  EXPECT_EQ(reprinted("young > 80%"), "young>0.8");
  EXPECT_EQ(reprinted("smiling, young,bald , and fat"), "smiling young bald fat");
  EXPECT_EQ(reprinted("\"rosy cheeks\""), "\"rosy cheeks\"");
  EXPECT_EQ(reprinted("photo(smiling eyeglasses) -photo(bald)"),
            "photo(smiling eyeglasses) -photo(bald)");
  EXPECT_EQ(reprinted("all( smiling )"), "all(smiling)");
  EXPECT_EQ(reprinted("person:\"Anna Smith\" like:3f9a.1 path:\"my photos\""),
            "person:\"Anna Smith\" like:3f9a.1 path:\"my photos\"");
}

TEST(Query, BindsAndStrongerThanOr) {
  EXPECT_EQ(parse_query("a b | c"), parse_query("(a b) | c"));
  EXPECT_NE(parse_query("a b | c"), parse_query("a (b | c)"));
}

TEST(Query, DropsBracketsThatMeanNothing) {
  EXPECT_EQ(parse_query("((a)) (b (c d))"), parse_query("a b c d"));
  EXPECT_EQ(parse_query("a | (b | c)"), parse_query("a | b | c"));
}

TEST(Query, KeepsBracketsInsidePhoto) {
  EXPECT_NE(parse_query("photo((a b) c)"), parse_query("photo(a b c)"));
  EXPECT_EQ(parse_query("photo((a))"), parse_query("photo(a)"));
  EXPECT_EQ(reprinted("photo((a b) -(c d))"), "photo((a b) -(c d))");
}

TEST(Query, ReadsCounts) {
  EXPECT_EQ(reprinted("faces:2..4"), "faces:2..4");
  EXPECT_EQ(reprinted("faces:>=2"), "faces:>=2");
  EXPECT_EQ(reprinted("faces:>2"), "faces:>=3");
  EXPECT_EQ(reprinted("faces:2.."), "faces:>=2");
  EXPECT_EQ(reprinted("faces:<3"), "faces:0..2");
  EXPECT_EQ(reprinted("faces:0"), "faces:0");
}

TEST(Query, ReadsDays) {
  EXPECT_EQ(reprinted("date:2019"), "date:2019");
  EXPECT_EQ(reprinted("date:2020-02"), "date:2020-02");
  EXPECT_EQ(reprinted("date:2020-02-29"), "date:2020-02-29");
  EXPECT_EQ(reprinted("date:2019..2021"), "date:2019-01-01..2021-12-31");
  EXPECT_EQ(reprinted("date:>2019"), "date:>=2020-01-01");
  EXPECT_EQ(reprinted("date:..2019-07"), "date:<=2019-07-31");
  EXPECT_EQ(parse_query("date:1970-01-02").range, (QueryRange{1, 1}));
}

TEST(Query, PrintsWhatItReads) {
  std::mt19937 random(19);
  for (int i = 0; i < 20'000; ++i) {
    const QueryNode query = random_query(random);
    const std::string text = print_query(query);
    QueryNode again;
    try {
      again = parse_query(text);
    } catch (const QueryError& error) {
      FAIL() << error.what() << '\n' << caret_lines(text, error.span());
    }
    ASSERT_EQ(again, query) << text << '\n' << print_query(again);
  }
}

TEST(Query, SurvivesAnyText) {
  std::mt19937 random(7);
  const std::string characters = "ab-|()\"\\:<>=.0129% \tphotoalnrdfces\xC3\xB6";
  std::uniform_int_distribution<std::size_t> pick(0, characters.size() - 1);
  int understood = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (std::size_t length = pick(random) % 24; text.size() < length;) {
      text += characters[pick(random)];
    }
    try {
      const QueryNode query = parse_query(text);
      ASSERT_EQ(parse_query(print_query(query)), query) << text;
      ++understood;
    } catch (const QueryError& error) {
      ASSERT_LE(error.span().first + error.span().count, text.size()) << text;
    }
  }
  EXPECT_GT(understood, 500);
}

TEST(Query, SaysWhereItIsWrong) {
  EXPECT_EQ(complaint("a (b").place, "(");
  EXPECT_THAT(complaint("a (b").message, HasSubstr("not closed"));
  EXPECT_EQ(complaint("a) b").place, ")");
  EXPECT_EQ(complaint("a | | b").place, "|");
  EXPECT_EQ(complaint("| a").place, "|");
  EXPECT_EQ(complaint("a - b").place, "-");
  EXPECT_EQ(complaint("young>x").place, ">");
  EXPECT_EQ(complaint("young>1.5").place, "1.5");
  EXPECT_EQ(complaint("young=0.8").place, "=");
  EXPECT_EQ(complaint("faces:two").place, "two");
  EXPECT_EQ(complaint("faces:4..2").place, "4..2");
  EXPECT_EQ(complaint("date:2019-02-30").place, "2019-02-30");
  EXPECT_EQ(complaint("date:2019-13").place, "2019-13");
  EXPECT_EQ(complaint("\"a").place, "\"");
  EXPECT_EQ(complaint("path:").place, "path:");
  EXPECT_EQ(complaint("ö !").place, "!");
  EXPECT_THAT(complaint("").message, HasSubstr("empty"));
  EXPECT_THAT(complaint("smiling()").message, HasSubstr("photo and all"));
}

TEST(Query, SuggestsFields) {
  EXPECT_THAT(complaint("face:2").message, HasSubstr("did you mean \"faces:\""));
  EXPECT_EQ(complaint("x face:2").place, "face:");
  EXPECT_THAT(complaint("colour:red").message, HasSubstr("there are date:, faces:"));
}

TEST(Query, RefusesEndlessNesting) {
  EXPECT_THAT(complaint(std::string(5'000, '(')).message, HasSubstr("nested too deeply"));
  EXPECT_THAT(complaint(std::string(5'000, '-') + "a").message, HasSubstr("nested too deeply"));
  EXPECT_THAT(complaint(std::string(20'000, 'a')).message, HasSubstr("longer than"));
}

TEST(Query, DrawsACaretUnderCharacters) {
  EXPECT_EQ(caret_lines("größe !", {8, 1}), "  größe !\n        ^\n");
  EXPECT_EQ(caret_lines("a\tbcd", {2, 3}), "  a bcd\n    ^~~\n");
  EXPECT_EQ(caret_lines("a", {1, 0}), "  a\n   ^\n");
}

}  // namespace
}  // namespace facet::detail
