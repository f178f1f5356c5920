// SPDX-License-Identifier: Apache-2.0
#include "index/query/spoken_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "index/celeba_names.hpp"
#include "index/query/query_error.hpp"
#include "index/query/query_plan.hpp"
#include "index/random_query.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

const Vocabulary& celeba() {
  static const Vocabulary vocabulary(celeba_names());
  return vocabulary;
}

std::string heard(const std::string& text, const Vocabulary& vocabulary = celeba()) {
  return print_query(spoken_query(parse_query(text), vocabulary));
}

TEST(SpokenQuery, LeavesOutWordsThatSayNothing) {
  EXPECT_EQ(heard("smiling woman with eyeglasses"), "smiling woman eyeglasses");
  EXPECT_EQ(heard("a young man who is bald"), "young man bald");
  EXPECT_EQ(heard("person WITH a beard"), "beard");
  EXPECT_EQ(heard("woman wearing glasses"), "woman glasses");
  EXPECT_EQ(heard("a bald man | a woman"), "bald man | woman");
}

TEST(SpokenQuery, TakesWithoutAndNoForNot) {
  EXPECT_EQ(heard("man without hat"), "man -hat");
  EXPECT_EQ(heard("man without a hat, smiling"), "man -hat smiling");
  EXPECT_EQ(heard("man with no hat"), "man -hat");
  EXPECT_EQ(heard("man without (hat or beard)"), "man -(hat | beard)");
  EXPECT_EQ(heard("photo(woman without glasses)"), "photo(woman -glasses)");
  EXPECT_EQ(heard("not a man"), "-man");
  EXPECT_EQ(heard("not without hat"), "hat");
  EXPECT_EQ(heard("man without -hat"), "man hat");
}

TEST(SpokenQuery, TakesWithoutForAllThatIsListed) {
  EXPECT_EQ(heard("without hat and glasses"), "-hat -glasses");
  EXPECT_EQ(heard("no glasses or hat"), "-glasses -hat");
  EXPECT_EQ(heard("smiling without hat, beard and glasses"), "smiling -hat -beard -glasses");
  EXPECT_EQ(heard("man without a hat or a beard, and earrings"), "man -hat -beard -earrings");
  EXPECT_EQ(heard("woman without wavy hair or big nose"), "woman -wavy_hair -big_nose");
  EXPECT_EQ(heard("woman without any hat, glasses"), "woman -hat -glasses");
  EXPECT_EQ(heard("neither hat nor glasses"), "-hat -glasses");
  EXPECT_EQ(heard("with neither a hat nor glasses and earrings"), "-hat -glasses -earrings");
  EXPECT_EQ(heard("not wearing a hat or glasses"), "-hat -glasses");
  EXPECT_EQ(heard("no beard or glasses"), "no_beard -glasses");
  EXPECT_EQ(heard("without hat and no beard and glasses"), "-hat no_beard -glasses");
  EXPECT_EQ(heard("without hat and -glasses"), "-hat -glasses");
  EXPECT_EQ(heard("without (hat and glasses) smiling"), "-hat -glasses smiling");
  EXPECT_EQ(heard("photo(man without hat and glasses, woman)"), "photo(man -hat -glasses woman)");
  EXPECT_EQ(heard("bald or man without hat or glasses or beard"),
            "bald | man -hat -glasses -beard");
}

TEST(SpokenQuery, EndsWhatIsListedWhereSomethingElseBegins) {
  EXPECT_EQ(heard("man without glasses but with hat"), "man -glasses hat");
  EXPECT_EQ(heard("man without glasses but hat and beard"), "man -glasses hat beard");
  EXPECT_EQ(heard("without glasses and with hat, beard"), "-glasses hat beard");
  EXPECT_EQ(heard("without glasses or with hat"), "-glasses | hat");
  EXPECT_EQ(heard("without hat beard"), "-hat beard");
  EXPECT_EQ(heard("without hat | beard"), "-hat | beard");
  EXPECT_EQ(heard("without hat and glasses bangs"), "-hat -glasses bangs");
  EXPECT_EQ(heard("not hat and beard"), "-hat beard");
  EXPECT_EQ(heard("-hat, beard or bald"), "-hat beard | bald");
  EXPECT_EQ(heard("smiling but not bald"), "smiling -bald");
  // What one is after what one has.
  EXPECT_EQ(heard("without a hat, smiling and young"), "-hat smiling young");
  EXPECT_EQ(heard("without a hat and a bald man"), "-hat bald man");
  EXPECT_EQ(heard("man without glasses or smiling woman"), "man -glasses | smiling woman");
  EXPECT_EQ(heard("no men or women"), "-men -women");
}

TEST(SpokenQuery, JoinsWordsThatAreKnownOnlyTogether) {
  EXPECT_EQ(heard("Wavy Hair"), "wavy_hair");
  EXPECT_EQ(heard("-wavy hair smiling"), "-wavy_hair smiling");
  EXPECT_EQ(heard("without wavy hair>0.8"), "-wavy_hair>0.8");
  EXPECT_EQ(heard("5 o clock shadow"), "5_o_clock_shadow");
  EXPECT_EQ(heard("no beard"), "no_beard");
  EXPECT_EQ(heard("mouth slightly open"), "mouth_slightly_open");
  EXPECT_EQ(heard("(wavy hair) smiling"), "wavy_hair smiling");
}

TEST(SpokenQuery, LeavesWhatIsKnownAlone) {
  const Vocabulary odd({"With", "No", "Hat", "Red", "Red_Hat"});
  EXPECT_EQ(heard("with no hat", odd), "with no hat");
  EXPECT_EQ(heard("red hat", odd), "red hat");
  EXPECT_EQ(heard("smiling -eyeglasses young>0.8 faces:2 person:\"the Smith\" all(smiling)"),
            "smiling -eyeglasses young>0.8 faces:2 person:\"the Smith\" all(smiling)");
}

std::string refusal(const std::string& text) {
  try {
    plan_query(parse_query(text), celeba());
  } catch (const QueryError& error) {
    return std::string(error.what()) + " at " + text.substr(error.span().first, error.span().count);
  }
  return "none";
}

TEST(SpokenQuery, SaysWhatItCannotUnderstand) {
  EXPECT_EQ(refusal("man without"), "something must come after this at without");
  EXPECT_EQ(refusal("without hat and no"), "something must come after this at no");
  EXPECT_EQ(refusal("without or hat"), "something must come after this at without");
  EXPECT_EQ(refusal("bald | without a"), "something must come after this at without");
  EXPECT_THAT(refusal("with a"), HasSubstr("no attribute is called \"with\""));
  EXPECT_THAT(refusal("woman with zebra"), HasSubstr("\"zebra\""));
}

TEST(SpokenQuery, PlansMeanTheSame) {
  const auto plan = [](const std::string& text) { return plan_query(parse_query(text), celeba()); };
  EXPECT_EQ(plan("a smiling woman with no hat").columns, plan("smiling woman -hat").columns);
  EXPECT_EQ(plan("a smiling woman with no hat").root.children.size(), 3U);
}

TEST(SpokenQuery, ChangesNoQueryOfKnownWords) {
  // Every word of a random query is known here.
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    const QueryNode query = random_query(random);
    std::vector<std::string> words;
    const auto collect = [&](auto&& self, const QueryNode& node) -> void {
      if (node.kind == QueryNode::Kind::term) words.push_back(node.text);
      for (const QueryNode& child : node.children) self(self, child);
    };
    collect(collect, query);
    ASSERT_EQ(spoken_query(query, Vocabulary(words)), query) << print_query(query);
  }
}

}  // namespace
}  // namespace facet::detail
