// SPDX-License-Identifier: Apache-2.0
#include "index/search/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facet/error.hpp"
#include "index/index_builder.hpp"
#include "index/query/query_error.hpp"
#include "index/search/face_id.hpp"
#include "index/store/open_index.hpp"
#include "index/test_database.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::int64_t day = 86'400;

class Search : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestDatabase::missing().empty()) GTEST_SKIP() << TestDatabase::missing();
    place_.emplace();
    database_ = open_or_make_index(place_->location());
    builder_.emplace(*database_);
  }

  SearchResult ask(const std::string& query, const SearchOptions& options = {}) {
    return Searcher(*database_).search(parse_query(query), options);
  }

  // Names of the photos, best first; faces that fit behind a colon.
  static std::vector<std::string> shown(const std::vector<FoundPhoto>& photos) {
    std::vector<std::string> names;
    for (const FoundPhoto& photo : photos) {
      std::string name = photo.photo.name;
      for (const FoundFace& face : photo.faces) name += ':' + std::to_string(face.number);
      names.push_back(name);
    }
    return names;
  }
  std::vector<std::string> found(const std::string& query) { return shown(ask(query).certain); }

  std::string complaint(const std::string& query) {
    try {
      ask(query);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }

  std::optional<TestDatabase> place_;
  std::unique_ptr<SqlDatabase> database_;
  std::optional<IndexBuilder> builder_;
};

TEST_F(Search, RanksByTheProbabilityOfTheWholeQuery) {
  builder_->add("/p/good.jpg", {{{"Smiling", 0.8F}, {"Male", 0.8F}}});
  builder_->add("/p/best.jpg", {{{"Smiling", 1}, {"Male", 0.8F}}});
  builder_->add("/p/unsure.jpg", {{{"Smiling", 0.6F}, {"Male", 0.6F}}});
  builder_->add("/p/no.jpg", {{{"Smiling", 1}}});
  const SearchResult result = ask("smiling man");
  EXPECT_THAT(shown(result.certain), ElementsAre("best.jpg:1", "good.jpg:1"));
  EXPECT_THAT(shown(result.uncertain), ElementsAre("unsure.jpg:1"));
  EXPECT_NEAR(result.certain[1].probability, 0.64, 0.001);
  EXPECT_EQ(result.certain_photos, 2U);
  EXPECT_EQ(result.uncertain_photos, 1U);
  EXPECT_EQ(result.faces, 4U);
}

TEST_F(Search, ShowsTheFacesThatFit) {
  builder_->add("/p/a.jpg", {{{"Smiling", 0.6F}}, {{"Male", 1}}, {{"Smiling", 1}}});
  EXPECT_THAT(found("smiling"), ElementsAre("a.jpg:3:1"));
  EXPECT_THAT(found("smiling male"), IsEmpty());
  EXPECT_THAT(found("photo(smiling male)"), ElementsAre("a.jpg"));
  const SearchResult result = ask("smiling -male");
  ASSERT_EQ(result.certain.size(), 1U);
  const FoundFace& face = result.certain[0].faces[0];
  EXPECT_EQ(face.box, IndexBuilder::box(3));
  EXPECT_EQ(face.score, 13);
  ASSERT_EQ(face.attributes.size(), 2U);  // those that were asked for
  EXPECT_EQ(face.attributes[0].name, "Smiling");
  SearchOptions all;
  all.all_attributes = true;
  EXPECT_EQ(ask("smiling", all).certain[0].faces[0].attributes.size(), 3U);
}

TEST_F(Search, AsksForDaysPathsAndCounts) {
  builder_->add("/p/summer/a.jpg", {{{"Smiling", 1}}}, 18'000 * day);
  builder_->add("/p/winter/b.jpg", {{{"Smiling", 1}}, {{"Smiling", 1}}}, 18'001 * day - 1);
  builder_->add("/p/winter/c.jpg", {}, 18'001 * day);
  builder_->add("/p/undated.png", {});
  EXPECT_THAT(found("smiling path:summer"), ElementsAre("a.jpg:1"));
  EXPECT_THAT(found("path:WINTER"), ElementsAre("b.jpg", "c.jpg"));
  EXPECT_THAT(found("path:*.png"), ElementsAre("undated.png"));
  EXPECT_THAT(found("path:w*er/?.jpg smiling"), ElementsAre("b.jpg:1:2"));
  EXPECT_THAT(found("date:2019-04-14"), ElementsAre("a.jpg", "b.jpg"));
  EXPECT_THAT(found("date:>2019-04-14"), ElementsAre("c.jpg"));
  EXPECT_THAT(found("faces:0"), ElementsAre("c.jpg", "undated.png"));
  EXPECT_THAT(found("faces:2 smiling"), ElementsAre("b.jpg:1:2"));
  EXPECT_THAT(found("-photo(smiling)"), ElementsAre("c.jpg", "undated.png"));
}

TEST_F(Search, TakesPeoplesWordOverPredictions) {
  builder_->add("/p/a.jpg", {{{"Smiling", 0.9F}}, {{"Smiling", 0.1F}}});
  builder_->add("/p/b.jpg", {{{"Smiling", 0.9F}}});
  VerdictTable verdicts(*database_);
  verdicts.say({IndexBuilder::content(1), IndexBuilder::box(1), "Smiling", false});
  verdicts.say({IndexBuilder::content(1), IndexBuilder::box(2), "Smiling", true});
  std::vector<StoredFace> faces(2);
  for (int i = 0; i < 2; ++i) {
    faces[static_cast<std::size_t>(i)].number = i + 1;
    faces[static_cast<std::size_t>(i)].box = IndexBuilder::box(i + 1);
  }
  verdicts.apply(PhotoTable(*database_).at_path("/p/a.jpg")[0].id, IndexBuilder::content(1), faces);
  const SearchResult result = ask("smiling");
  EXPECT_THAT(shown(result.certain), ElementsAre("a.jpg:2", "b.jpg:1"));
  EXPECT_TRUE(result.certain[0].faces[0].attributes[0].said);
  EXPECT_EQ(result.certain[0].faces[0].attributes[0].probability, 1);
  EXPECT_FALSE(result.certain[1].faces[0].attributes[0].said);
}

TEST_F(Search, FindsPeopleByTheNamesThatTheyWereGiven) {
  builder_->add("/p/a.jpg", {{{"Smiling", 1}}, {}}, {}, {{"Anna Smith", 0.16, 0.19, 0.05, 0.08}});
  builder_->add("/p/b.jpg", {{{"Smiling", 1}}});
  const SearchResult result = ask("person:\"anna smith\"");
  EXPECT_THAT(shown(result.certain), ElementsAre("a.jpg:2"));
  EXPECT_EQ(result.certain[0].faces[0].person, "Anna Smith");
  EXPECT_THAT(found("photo(smiling person:\"Anna Smith\")"), ElementsAre("a.jpg"));
  EXPECT_THAT(complaint("person:\"Ana Smith\""), HasSubstr("did you mean \"Anna Smith\""));
}

TEST_F(Search, KnowsNamesWithoutAFaceInThePhoto) {
  builder_->add("/p/a.jpg", {{{"Smiling", 1}}}, {}, {{"Anna", 0.9, 0.9, 0.05, 0.08}});
  builder_->add("/p/none.jpg", {}, {}, {{"Anna", 0, 0, 0, 0}});
  builder_->add("/p/b.jpg", {{{"Smiling", 1}}});
  EXPECT_THAT(found("person:Anna"), IsEmpty());
  EXPECT_THAT(found("photo(person:Anna)"), UnorderedElementsAre("a.jpg", "none.jpg"));
  EXPECT_THAT(found("photo(person:Anna) smiling"), ElementsAre("a.jpg:1"));
  EXPECT_THAT(found("-photo(person:Anna)"), ElementsAre("b.jpg"));
  EXPECT_THAT(complaint("person:Anne"), HasSubstr("did you mean \"Anna\""));
}

TEST_F(Search, ComparesFacesWhereThereAreFeatures) {
  EXPECT_THAT(complaint("smiling"), "nothing");
  builder_->add("/p/plain.jpg", {{{"Smiling", 1}}});
  EXPECT_THAT(complaint("like:" + face_id_text(IndexBuilder::content(1), 1)),
              HasSubstr("holds no features"));
  builder_->features = true;
  builder_->add("/p/a.jpg", {{{"Smiling", 1}}, {{"Male", 1}}});
  builder_->add("/p/b.jpg", {{{"Smiling", 0.9F}, {"Young", 0.3F}}});
  EXPECT_THAT(found("like:" + face_id_text(IndexBuilder::content(2), 1)),
              ElementsAre("a.jpg:1", "b.jpg:1"));
  EXPECT_THAT(found("like:" + face_id_text(IndexBuilder::content(2), 2)), ElementsAre("a.jpg:2"));
  EXPECT_THAT(complaint("like:ffffffff.1"), HasSubstr("no such face"));
  EXPECT_THAT(complaint("like:0002.9"), HasSubstr("no such face"));
  EXPECT_THAT(complaint("like:0000000.1"), HasSubstr("no such face"));
  EXPECT_THAT(complaint("like:Anna"), HasSubstr("face id"));
  SearchOptions given;
  given.likes["someone.jpg"] = stored_features(std::vector<float>{0, 1, 0});
  EXPECT_THAT(shown(ask("like:someone.jpg", given).certain), ElementsAre("a.jpg:2"));
}

TEST_F(Search, ShowsAsManyAsWanted) {
  for (int i = 0; i < 30; ++i) {
    builder_->add("/p/" + std::to_string(10 + i) + ".jpg",
                  {{{"Smiling", i % 2 == 0 ? 0.9F : 0.3F}}});
  }
  SearchOptions few;
  few.most = 4;
  few.most_uncertain = 2;
  const SearchResult result = ask("smiling", few);
  EXPECT_THAT(shown(result.certain), ElementsAre("10.jpg:1", "12.jpg:1", "14.jpg:1", "16.jpg:1"));
  EXPECT_EQ(result.uncertain.size(), 2U);
  EXPECT_EQ(result.certain_photos, 15U);
  EXPECT_EQ(result.uncertain_photos, 15U);
  SearchOptions all;
  all.most = 0;
  EXPECT_EQ(ask("smiling", all).certain.size(), 15U);
  EXPECT_EQ(ask("smiling", all).uncertain.size(), 15U);
}

TEST_F(Search, ShowsOneOfNearDuplicates) {
  builder_->look = 0xFF00;
  builder_->add("/p/burst1.jpg", {{{"Smiling", 0.8F}}});
  builder_->look = 0xFF03;  // two bits further
  builder_->add("/p/burst2.jpg", {{{"Smiling", 0.9F}}});
  builder_->look = 0x00FF0000;
  builder_->add("/p/other.jpg", {{{"Smiling", 0.7F}}});
  SearchOptions options;
  options.each_look_once = true;
  EXPECT_THAT(shown(ask("smiling", options).certain), ElementsAre("burst2.jpg:1", "other.jpg:1"));
}

TEST_F(Search, SaysWhatItDoesNotKnow) {
  EXPECT_THAT(complaint("smilng"), HasSubstr("did you mean \"smiling\""));
  EXPECT_THAT(complaint("eyeglasses"), HasSubstr("no attribute is called \"eyeglasses\""));
}

TEST_F(Search, AnEmptyIndexSaysSo) {
  const TestDatabase other;
  const auto empty = open_or_make_index(other.location());
  EXPECT_THROW(Searcher{*empty}, Error);
}

}  // namespace
}  // namespace facet::detail
