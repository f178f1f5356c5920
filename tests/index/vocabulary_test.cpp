// SPDX-License-Identifier: Apache-2.0
#include "index/query/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "index/celeba_names.hpp"
#include "index/query/query_error.hpp"
#include "index/query/query_plan.hpp"
#include "index/query/suggestion.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string complaint(const std::string& text, const Vocabulary& vocabulary) {
  try {
    plan_query(parse_query(text), vocabulary);
  } catch (const QueryError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Vocabulary, FindsAttributesHoweverTheyAreSpelt) {
  const Vocabulary celeba(celeba_names());
  for (const char* word : {"No_Beard", "no_beard", "NO-BEARD", "no beard"}) {
    const auto place = celeba.attribute(word);
    ASSERT_TRUE(place) << word;
    EXPECT_EQ(celeba.attributes()[*place], "No_Beard");
  }
  EXPECT_FALSE(celeba.attribute("beard"));
}

TEST(Vocabulary, PrefersTheVerySpelling) {
  const Vocabulary both({"hat", "Hat"});
  EXPECT_EQ(both.attribute("Hat"), 1U);
  EXPECT_EQ(both.attribute("HAT"), 0U);
}

TEST(Vocabulary, EveryEverydayWordMeansSomethingInCelebA) {
  const Vocabulary celeba(celeba_names());
  std::set<std::string_view> seen;
  for (const EverydayWord& known : everyday_words()) {
    EXPECT_EQ(celeba.everyday(known.word), &known) << known.word;
    EXPECT_EQ(folded_word(known.word), known.word);
    EXPECT_TRUE(seen.insert(known.word).second) << known.word << " stands twice";
    EXPECT_FALSE(celeba.attribute(known.word)) << known.word << " is an attribute";
  }
}

TEST(Vocabulary, TaughtHeadsComeBeforeEverydayWords) {
  std::vector<std::string> names = celeba_names();
  names.emplace_back("Beard");
  const QueryPlan plan = plan_query(parse_query("beard"), Vocabulary(names));
  EXPECT_EQ(plan.root.kind, PlanNode::Kind::column);
  EXPECT_THAT(plan.columns, ElementsAre(names.size() - 1));
}

TEST(Vocabulary, DoesNotOfferWordsThatCannotBeAnswered) {
  const Vocabulary few({"Smiling"});
  EXPECT_EQ(few.everyday("woman"), nullptr);
  EXPECT_THAT(complaint("woman", few), HasSubstr("no attribute is called \"woman\""));
  EXPECT_THAT(query_help(few), Not(HasSubstr("woman =")));
  EXPECT_THAT(query_help(few), HasSubstr("smile = smiling"));
}

TEST(Vocabulary, SuggestsForSlips) {
  const Vocabulary celeba(celeba_names());
  EXPECT_THAT(complaint("smilng", celeba), HasSubstr("did you mean \"smiling\""));
  EXPECT_THAT(complaint("eyeglases", celeba), HasSubstr("\"eyeglasses\""));
  EXPECT_THAT(complaint("wmoan", celeba), HasSubstr("\"woman\""));
  EXPECT_THAT(complaint("zebra_crossing", celeba), HasSubstr("--help-query"));
  EXPECT_THAT(complaint("zebra_crossing", celeba), Not(HasSubstr("did you mean")));
}

TEST(Vocabulary, HelpNamesEveryWord) {
  const Vocabulary celeba(celeba_names());
  const std::string page = query_help(celeba);
  for (const std::string& word : celeba.words()) EXPECT_THAT(page, HasSubstr(word));
}

TEST(Suggestion, CountsSlips) {
  EXPECT_EQ(edit_distance("smiling", "smiling"), 0U);
  EXPECT_EQ(edit_distance("smilng", "smiling"), 1U);
  EXPECT_EQ(edit_distance("wmoan", "woman"), 1U);  // neighbours swapped
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace facet::detail
