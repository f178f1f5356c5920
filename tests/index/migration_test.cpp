// SPDX-License-Identifier: Apache-2.0
// Indexes that older versions of facet left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "facet/error.hpp"
#include "index/store/open_index.hpp"
#include "index/store/schema.hpp"
#include "index/stored_index.hpp"
#include "index/test_database.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

const std::string answers_of_all_versions =
    "smiling = offline.jpg:1 pair.jpg:1Ada wrong.jpg:1\n"
    "faces:0 = none.jpg\n"
    "date:2019 young = pair.jpg:2\n"
    "person:Ada = pair.jpg:1Ada\n"
    "path:2020 = offline.jpg wrong.jpg\n"
    "5 photos, 1 offline, 4 faces, 1 crops, 1 verdicts, 1 forgotten, features\n"
    "/photos/\xE9t\xE9/broken.jpg: is cut off\n";

class Migration : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestDatabase::missing().empty()) GTEST_SKIP() << TestDatabase::missing();
    place_.emplace();
  }
  std::string complaint(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }
  std::optional<TestDatabase> place_;
};

TEST_F(Migration, EveryStoredVersionIsKept) {
  for (int version = 1; version <= kIndexSchema; ++version) {
    EXPECT_FALSE(TestDatabase::stored(version).empty())
        << "tests/index/schemas lacks version " << version << ": see write_stored_index.cpp";
  }
}

TEST_F(Migration, OpensWhatOlderVersionsMade) {
  for (int version = 1; version <= kIndexSchema; ++version) {
    const TestDatabase place;
    place.restore(TestDatabase::stored(version));
    const auto database = open_or_make_index(place.location());
    EXPECT_EQ(stored_index_answers(*database), answers_of_all_versions) << "version " << version;
    EXPECT_EQ(sql_text(*database, "SELECT value FROM setting WHERE name = 'schema'"),
              std::to_string(kIndexSchema));
  }
}

TEST_F(Migration, AFreshIndexAnswersTheSame) {
  const auto database = open_or_make_index(place_->location());
  fill_stored_index(*database);
  EXPECT_EQ(stored_index_answers(*database), answers_of_all_versions);
}

TEST_F(Migration, RefusesWhatANewerVersionMade) {
  const auto database = open_or_make_index(place_->location());
  database->run("UPDATE setting SET value = '99' WHERE name = 'schema'");
  EXPECT_THAT(complaint([&] { open_or_make_index(place_->location()); }),
              HasSubstr("has schema version 99, made by a newer facet"));
  EXPECT_THAT(complaint([&] { open_index(place_->location()); }), HasSubstr("newer facet"));
}

TEST_F(Migration, TakesOneStepAfterTheOther) {
  const auto database = open_or_make_index(place_->location());
  fill_stored_index(*database);
  std::vector<const char*> steps(schema_steps().begin(), schema_steps().end());
  steps.push_back("ALTER TABLE photo ADD COLUMN stars SMALLINT NOT NULL DEFAULT 0");
  steps.push_back("CREATE TABLE album (id {id}, cover {bytes}, stars SMALLINT)");
  const auto version = [&] {
    return sql_text(*database, "SELECT value FROM setting WHERE name = 'schema'").value_or("");
  };
  // All or nothing: the second of these fails.
  std::vector<const char*> broken = steps;
  broken.back() = "INSERT INTO nowhere VALUES (1)";
  EXPECT_THAT(complaint([&] { prepare_schema(*database, broken); }), HasSubstr("nowhere"));
  EXPECT_EQ(version(), std::to_string(kIndexSchema));
  EXPECT_EQ(stored_index_answers(*database), answers_of_all_versions);
  prepare_schema(*database, steps);
  EXPECT_EQ(version(), std::to_string(kIndexSchema + 2));
  EXPECT_EQ(sql_integer(*database, "SELECT CAST(sum(stars) AS BIGINT) FROM photo"), 0);
  EXPECT_EQ(sql_integer(*database, "SELECT count(*) FROM album"), 0);
  prepare_schema(*database, steps);  // there is nothing more to do
}

TEST_F(Migration, AsksToBeBroughtUpToDateBeforeItIsSearched) {
  const auto database = open_or_make_index(place_->location());
  database->run("UPDATE setting SET value = $1 WHERE name = 'schema'",
                {std::to_string(kIndexSchema - 1)});
  const std::string message = complaint([&] { check_schema(*database); });
  EXPECT_THAT(message, HasSubstr(kIndexSchema == 1 ? "does not say its schema version"
                                                   : "facet index brings it up to date"));
}

}  // namespace
}  // namespace facet::detail
