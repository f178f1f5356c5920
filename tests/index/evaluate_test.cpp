// SPDX-License-Identifier: Apache-2.0
#include "index/query/evaluate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "index/random_query.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

constexpr float rounding = 1e-5F;

// Photo 1 shows two faces, photo 2 one, photo 3 three.
class Faces {
 public:
  // Probabilities in steps of a fifth: 51 of 255.
  std::vector<float> ask(const std::string& text) {
    const Vocabulary vocabulary({"a", "b", "c"});
    const QueryPlan plan = plan_query(parse_query(text), vocabulary);
    FaceBlock block;
    block.photo = photo;
    for (const std::size_t place : plan.columns) block.columns.emplace_back(columns.at(place));
    block.day = days;
    for (const std::string& name : plan.people) {
      block.people.emplace_back(people.at(name));
      block.someone.push_back(&someone.at(name));
    }
    for (const std::string& name : plan.likes) block.likes.emplace_back(likes.at(name));
    for (const std::string& name : plan.paths) block.paths.push_back(&paths.at(name));
    return evaluate(plan, block);
  }

  std::vector<std::uint32_t> photo = {1, 1, 2, 3, 3, 3};
  std::vector<std::vector<std::uint8_t>> columns = {
      {255, 51, 204, 255, 255, 204}, {0, 255, 204, 51, 255, 0}, {0, 0, 0, 0, 0, 0}};
  std::vector<std::uint16_t> days = {stored_day(0),     stored_day(0),     0,
                                     stored_day(18262), stored_day(18262), stored_day(18262)};
  std::map<std::string, std::vector<std::uint8_t>> people = {{"Anna", {0, 1, 0, 0, 0, 0}}};
  // In photo 3 too, on a face that nobody found.
  std::map<std::string, std::vector<bool>> someone = {{"Anna", {false, true, false, true}}};
  std::map<std::string, std::vector<float>> likes = {{"f", {0, 0.5F, 0, 1, 0, 0}}};
  std::map<std::string, std::vector<bool>> paths = {{"x", {false, false, true}}};
};

::testing::Matcher<std::vector<float>> are(std::vector<float> expected) {
  std::vector<::testing::Matcher<float>> each;
  for (const float value : expected) each.push_back(FloatNear(value, rounding));
  return ::testing::ElementsAreArray(each);
}

TEST(Evaluate, AllTermsHoldForOneFace) {
  EXPECT_THAT(Faces().ask("a b"), are({0, 0.2F, 0.64F, 0.2F, 1, 0}));
  EXPECT_THAT(Faces().ask("a -b"), are({1, 0, 0.16F, 0.8F, 0, 0.8F}));
  EXPECT_THAT(Faces().ask("a | b"), are({1, 1, 0.96F, 1, 1, 0.8F}));
  EXPECT_THAT(Faces().ask("-(a b)"), are({1, 0.8F, 0.36F, 0.8F, 0, 1}));
}

TEST(Evaluate, ComparisonsAreCertain) {
  EXPECT_THAT(Faces().ask("a>0.8"), are({1, 0, 0, 1, 1, 0}));
  EXPECT_THAT(Faces().ask("a>=0.8"), are({1, 0, 1, 1, 1, 1}));
  EXPECT_THAT(Faces().ask("a<0.5"), are({0, 1, 0, 0, 0, 0}));
  EXPECT_THAT(Faces().ask("-a<=20%"), are({1, 0, 1, 1, 1, 1}));
}

TEST(Evaluate, PhotoTakesTermsFromDifferentFaces) {
  // Photo 1: a from the first face, b from the second.
  EXPECT_THAT(Faces().ask("photo(a b)"), are({1, 1, 0.64F, 1, 1, 1}));
  EXPECT_THAT(Faces().ask("photo((a b))"), are({0.2F, 0.2F, 0.64F, 1, 1, 1}));  // one face has both
  EXPECT_THAT(Faces().ask("photo(-a)"), are({0.8F, 0.8F, 0.2F, 0.2F, 0.2F, 0.2F}));
}

TEST(Evaluate, MinusBeforePhotoMeansNobody) {
  EXPECT_THAT(Faces().ask("-photo(b)"), are({0, 0, 0.2F, 0, 0, 0}));
  EXPECT_THAT(Faces().ask("-photo(c)"), are({1, 1, 1, 1, 1, 1}));
}

TEST(Evaluate, AllAsksEveryFace) {
  EXPECT_THAT(Faces().ask("all(a)"), are({0.2F, 0.2F, 0.8F, 0.8F, 0.8F, 0.8F}));
  EXPECT_THAT(Faces().ask("all(a | b)"), are({1, 1, 0.96F, 0.8F, 0.8F, 0.8F}));
}

TEST(Evaluate, KnowsThePhoto) {
  EXPECT_THAT(Faces().ask("faces:2"), are({1, 1, 0, 0, 0, 0}));
  EXPECT_THAT(Faces().ask("faces:>=2 a"), are({1, 0.2F, 0, 1, 1, 0.8F}));
  EXPECT_THAT(Faces().ask("date:2020"), are({0, 0, 0, 1, 1, 1}));
  EXPECT_THAT(Faces().ask("date:<=2019"), are({1, 1, 0, 0, 0, 0}));
  EXPECT_THAT(Faces().ask("path:x"), are({0, 0, 1, 0, 0, 0}));
}

TEST(Evaluate, KnowsPeopleAndLikeness) {
  EXPECT_THAT(Faces().ask("person:Anna"), are({0, 1, 0, 0, 0, 0}));
  EXPECT_THAT(Faces().ask("photo(person:Anna) a"), are({1, 0.2F, 0, 1, 1, 0.8F}));
  EXPECT_THAT(Faces().ask("-photo(person:Anna)"), are({0, 0, 1, 0, 0, 0}));
  EXPECT_THAT(Faces().ask("like:f"), are({0, 0.5F, 0, 1, 0, 0}));
}

TEST(Evaluate, DaysOutsideTheCenturyAreItsEnds) {
  EXPECT_EQ(stored_day(-1'000'000), 1);
  EXPECT_EQ(stored_day(1'000'000), 0xFFFF);
  EXPECT_EQ(stored_day(-25567), 1);  // 1900-01-01
}

float bare(const std::string& text, BarePhoto photo = {1, stored_day(0)}) {
  const Vocabulary vocabulary({"a", "b"});
  const QueryPlan plan = plan_query(parse_query(text), vocabulary);
  const std::vector<bool> with_one = {false, true};
  const std::vector<const std::vector<bool>*> paths(plan.paths.size(), &with_one);
  const std::vector<bool> with_anna = {false, true};  // photo 1
  std::vector<const std::vector<bool>*> someone;
  for (std::size_t i = 0; i < plan.people.size(); ++i) someone.push_back(&with_anna);
  return evaluate_bare(plan, photo, someone, paths);
}

TEST(Evaluate, NothingHoldsForAFaceThatIsNotThere) {
  EXPECT_EQ(bare("a"), 0);
  EXPECT_EQ(bare("-a"), 0);
  EXPECT_EQ(bare("-(a | -b)"), 0);
  EXPECT_EQ(bare("photo(a)"), 0);
  EXPECT_EQ(bare("-photo(a)"), 1);
  EXPECT_EQ(bare("all(a)"), 0);
  EXPECT_EQ(bare("faces:0"), 1);
  EXPECT_EQ(bare("-faces:>=1"), 1);
  EXPECT_EQ(bare("faces:0 | a"), 1);
  EXPECT_EQ(bare("faces:0 path:x"), 1);
  EXPECT_EQ(bare("faces:0 path:x", {2, 0}), 0);
  EXPECT_EQ(bare("person:x"), 0);
  EXPECT_EQ(bare("photo(person:x)"), 1);
  EXPECT_EQ(bare("photo(person:x)", {2, 0}), 0);
  EXPECT_EQ(bare("-photo(person:x)", {2, 0}), 1);
  EXPECT_EQ(bare("faces:0 date:1970"), 1);
  EXPECT_EQ(bare("faces:0 -date:1970"), 0);
}

TEST(Evaluate, AsksPhotosWithoutFacesOnlyWhereTheyMayFit) {
  const Vocabulary vocabulary({"a", "b"});
  const auto may = [&](const std::string& text) {
    return may_hold_without_faces(plan_query(parse_query(text), vocabulary));
  };
  EXPECT_FALSE(may("a path:x"));
  EXPECT_FALSE(may("faces:1.. path:x"));
  EXPECT_TRUE(may("path:x"));
  EXPECT_TRUE(may("-path:x date:2019"));
  EXPECT_TRUE(may("-photo(a)"));
}

TEST(Evaluate, IsAProbabilityWhateverIsAsked) {
  std::mt19937 random(3);
  Faces faces;
  int asked = 0;
  for (int i = 0; i < 3'000; ++i) {
    QueryNode query = random_query(random);
    const auto rename = [](auto&& self, QueryNode& node) -> void {
      if (node.kind == QueryNode::Kind::term) node.text = node.text.size() % 2 == 0 ? "a" : "b";
      if (node.kind == QueryNode::Kind::person) node.text = "Anna";
      if (node.kind == QueryNode::Kind::like) node.text = "f";
      if (node.kind == QueryNode::Kind::path) node.text = "x";
      for (QueryNode& child : node.children) self(self, child);
    };
    rename(rename, query);
    const std::vector<float> p = faces.ask(print_query(query));
    ASSERT_EQ(p.size(), faces.photo.size());
    for (const float one : p) {
      ASSERT_GE(one, -rounding);
      ASSERT_LE(one, 1 + rounding);
    }
    // What does not hold is the rest of what holds.
    QueryNode negation;
    negation.kind = QueryNode::Kind::negation;
    negation.children.push_back(query);
    const std::vector<float> q = faces.ask(print_query(negation));
    for (std::size_t f = 0; f < p.size(); ++f) {
      ASSERT_NEAR(p[f] + q[f], 1, rounding) << print_query(query);
    }
    ++asked;
  }
  EXPECT_EQ(asked, 3'000);
}

}  // namespace
}  // namespace facet::detail
