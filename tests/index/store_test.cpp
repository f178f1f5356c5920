// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "facet/error.hpp"
#include "index/index_builder.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/open_index.hpp"
#include "index/store/schema.hpp"
#include "index/store/tombstone_table.hpp"
#include "index/test_database.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class Store : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestDatabase::missing().empty()) GTEST_SKIP() << TestDatabase::missing();
    place_.emplace();
    database_ = open_or_make_index(place_->location());
  }

  std::string complaint(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }

  // Photo, number and p · 255 of Smiling of every face, as the columns hold them.
  std::vector<std::string> faces(const Generation& generation) {
    const SqlReading reading(*database_);
    FaceSnapshot snapshot(*database_);
    const std::int64_t column = generation.attributes.front().column;
    const auto photos = snapshot.photos();
    std::vector<std::size_t> places(snapshot.faces());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    const std::vector<std::int64_t> columns = {column};
    std::vector<std::string> all;
    const std::vector<StoredFace> stored = snapshot.read(places, columns);
    for (std::size_t i = 0; i < stored.size(); ++i) {
      EXPECT_EQ(stored[i].attributes[0], snapshot.attribute(column)[i]);
      EXPECT_EQ(stored[i].box, IndexBuilder::box(stored[i].number));
      all.push_back(std::to_string(photos[i]) + '.' + std::to_string(stored[i].number) + ' ' +
                    std::to_string(stored[i].attributes[0]));
    }
    return all;
  }

  std::int64_t chunks() { return *sql_integer(*database_, "SELECT count(*) FROM face_chunk"); }
  std::int64_t columns() { return *sql_integer(*database_, "SELECT count(*) FROM face_column"); }

  std::optional<TestDatabase> place_;
  std::unique_ptr<SqlDatabase> database_;
};

TEST_F(Store, KeepsPhotosAsTheyWere) {
  PhotoTable table(*database_);
  PhotoRow photo;
  photo.folder = "/photos/\xFF not UTF-8";
  photo.name = "a 'b' \"c\".jpg";
  photo.state = {5'000'000'000, 1'700'000'000'123'456'789, 17};
  photo.content = IndexBuilder::content(1);
  photo.look = 0xFEDCBA9876543210;
  photo.taken = -1234;
  photo.width = 4000;
  photo.height = 3000;
  photo.status = PhotoStatus::ok;
  photo.faces = 3;
  photo.generation = 2;
  const std::uint32_t id = table.insert(photo).value();
  EXPECT_FALSE(table.insert(photo));  // there is one at that place
  auto found = table.find(id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->path(), photo.folder + '/' + photo.name);
  EXPECT_EQ(found->state, photo.state);
  EXPECT_EQ(found->content, photo.content);
  EXPECT_EQ(found->look, photo.look);
  EXPECT_EQ(found->taken, photo.taken);
  EXPECT_EQ(found->status, PhotoStatus::ok);
  EXPECT_EQ(found->faces, 3);
  EXPECT_FALSE(found->gone);
  EXPECT_TRUE(found->reason.empty());

  const PhotoRow before = *found;
  found->folder = "/elsewhere";
  found->status = PhotoStatus::unreadable;
  found->reason = "truncated";
  found->content.reset();
  found->look.reset();
  found->taken.reset();
  found->gone = true;
  EXPECT_TRUE(table.update(*found, before));
  EXPECT_FALSE(table.update(*found, before));  // it is no longer as it was
  const auto again = table.find(id);
  EXPECT_EQ(again->folder, "/elsewhere");
  EXPECT_EQ(again->status, PhotoStatus::unreadable);
  EXPECT_EQ(again->reason, "truncated");
  EXPECT_FALSE(again->content || again->look || again->taken);
  EXPECT_TRUE(again->gone);
  EXPECT_FALSE(table.find(id + 1));
}

TEST_F(Store, FindsPhotosByPathAndContent) {
  IndexBuilder builder(*database_);
  const std::uint32_t first = builder.add("/a/one.jpg", {});
  builder.add("/a/two.jpg", {});
  const PhotoTable table(*database_);
  ASSERT_EQ(table.at_path("/a/one.jpg").size(), 1U);
  EXPECT_EQ(table.at_path("/a/one.jpg")[0].id, first);
  EXPECT_THAT(table.at_path("/b/one.jpg"), IsEmpty());
  EXPECT_EQ(table.with_content("0001").size(), 1U);
  EXPECT_EQ(table.with_content("000").size(), 2U);
  EXPECT_THAT(table.with_content("0003"), IsEmpty());
}

TEST_F(Store, KeepsFacesInColumns) {
  IndexBuilder builder(*database_);
  const std::uint32_t a = builder.add("/p/a.jpg", {{{"Smiling", 1}}, {{"Smiling", 0.2F}}});
  const std::uint32_t b = builder.add("/p/b.jpg", {{{"Smiling", 0.4F}}});
  const std::string in_a = std::to_string(a);
  EXPECT_THAT(faces(builder.generation()),
              ElementsAre(in_a + ".1 255", in_a + ".2 51", std::to_string(b) + ".1 102"));
  EXPECT_EQ(chunks(), 2);
}

TEST_F(Store, FoldsSmallChunks) {
  IndexBuilder builder(*database_);
  for (int i = 0; i < 5; ++i) {
    builder.add("/p/" + std::to_string(i) + ".jpg",
                {{{"Smiling", 0.2F * static_cast<float>(i)}}, {}});
  }
  const auto before = faces(builder.generation());
  EXPECT_EQ(fold_chunks(*database_), 5U);
  EXPECT_EQ(faces(builder.generation()), before);
  EXPECT_EQ(chunks(), 1);
  EXPECT_EQ(columns(), 5 + 3);
  EXPECT_EQ(fold_chunks(*database_), 0U);
}

TEST_F(Store, FoldsWhatHasDifferentColumns) {
  IndexBuilder first(*database_, {"Smiling"});
  first.add("/p/a.jpg", {{{"Smiling", 1}}});
  IndexBuilder second(*database_, {"Smiling", "Hat"});
  second.features = true;
  second.add("/p/b.jpg", {{{"Smiling", 0.4F}, {"Hat", 0.6F}}});
  first.add("/p/c.jpg", {{{"Smiling", 0.2F}}});
  fold_chunks(*database_);
  ASSERT_EQ(chunks(), 1);
  FaceSnapshot snapshot(*database_);
  const auto& attributes = second.generation().attributes;
  EXPECT_THAT(snapshot.attribute(attributes[0].column), ElementsAre(255, 102, 51));
  EXPECT_THAT(snapshot.attribute(attributes[1].column), ElementsAre(0, 153, 0));
  int chunks_with_features = 0;
  snapshot.each_features([&](const FaceSnapshot::Chunk&, std::span<const std::int8_t> features,
                             std::span<const float> scales) {
    ++chunks_with_features;
    EXPECT_THAT(features, ElementsAre(0, 0, 85, 127, 0, 0));
    EXPECT_EQ(scales[0], 0);
    EXPECT_GT(scales[1], 0);
  });
  EXPECT_EQ(chunks_with_features, 1);
}

TEST_F(Store, TakesFacesOutWithoutATrace) {
  IndexBuilder builder(*database_);
  const std::uint32_t a = builder.add("/p/a.jpg", {{{"Smiling", 1}}, {{"Smiling", 0.2F}}, {}});
  const std::uint32_t b = builder.add("/p/b.jpg", {{{"Smiling", 0.4F}}});
  fold_chunks(*database_);
  const FaceKey second_of_a[] = {{a, 2}};
  remove_faces(*database_, second_of_a);
  EXPECT_THAT(faces(builder.generation()),
              ElementsAre(std::to_string(a) + ".1 255", std::to_string(a) + ".3 0",
                          std::to_string(b) + ".1 102"));
  const FaceKey all_of_a[] = {{a, 0}};
  remove_faces(*database_, all_of_a);
  EXPECT_THAT(faces(builder.generation()), ElementsAre(std::to_string(b) + ".1 102"));
  const FaceKey all_of_b[] = {{b, 0}};
  remove_faces(*database_, all_of_b);
  EXPECT_EQ(chunks(), 0);
  EXPECT_EQ(columns(), 0);
}

TEST_F(Store, WritesAllOfATransactionOrNothing) {
  IndexBuilder builder(*database_);
  {
    const SqlTransaction transaction(*database_);
    builder.insert("/p/a.jpg", {{{"Smiling", 1}}});
  }
  EXPECT_EQ(chunks(), 0);
  EXPECT_THAT(PhotoTable(*database_).at_path("/p/a.jpg"), IsEmpty());
}

TEST_F(Store, SaysBytesInTheDatabasesWords) {
  EXPECT_THAT(complaint([&] { database_->run("SELECT * FROM nowhere"); }),
              HasSubstr(database_->name()));
  EXPECT_THAT(complaint([&] { database_->run("SELECT * FROM nowhere"); }), HasSubstr("nowhere"));
  // And goes on.
  EXPECT_EQ(chunks(), 0);
}

TEST_F(Store, KnowsWithWhatPhotosWereDescribed) {
  EXPECT_FALSE(GenerationTable(*database_).current());
  IndexBuilder first(*database_, {"Smiling"});
  first.add("/p/a.jpg", {});
  IndexBuilder second(*database_, {"Smiling", "Hat"});
  const auto current = GenerationTable(*database_).current();
  ASSERT_TRUE(current);
  EXPECT_EQ(current->id, second.generation().id);
  EXPECT_EQ(current->model, "test 1");
  ASSERT_EQ(current->attributes.size(), 2U);
  EXPECT_EQ(current->attributes[1].name, "Hat");
  EXPECT_EQ(current->attributes[0].column, first.generation().attributes[0].column);
  EXPECT_EQ(GenerationTable(*database_).outdated_photos(), 1);
  EXPECT_THAT(difference(first.generation(), second.generation()), HasSubstr("extra heads"));
  EXPECT_EQ(difference(first.generation(), first.generation()), "");
}

TEST_F(Store, AppliesVerdictsToTheFacesTheyMean) {
  IndexBuilder builder(*database_);
  VerdictTable verdicts(*database_);
  StoredBox nearly = IndexBuilder::box(2);
  nearly.x = static_cast<std::uint16_t>(nearly.x + 300);
  verdicts.say({IndexBuilder::content(1), nearly, "Smiling", false});
  verdicts.say({IndexBuilder::content(1), nearly, "Smiling", true});  // on second thoughts
  verdicts.say({IndexBuilder::content(1), {60'000, 60'000, 100, 100}, "Male", true});
  const std::uint32_t id = builder.add("/p/a.jpg", {{}, {}, {}});
  const auto about = verdicts.about("Smiling");
  ASSERT_EQ(about.size(), 1U);
  EXPECT_EQ(about[0].photo, id);
  EXPECT_EQ(about[0].number, 2);
  EXPECT_TRUE(about[0].present);
  EXPECT_THAT(verdicts.about("Male"), IsEmpty());
  EXPECT_EQ(verdicts.all().size(), 2U);
  verdicts.forget(IndexBuilder::content(1), IndexBuilder::box(2));
  EXPECT_EQ(verdicts.all().size(), 1U);
}

TEST_F(Store, MatchesNamedRegionsWithFaces) {
  IndexBuilder builder(*database_);
  const auto centre = [](int number) {
    const StoredBox box = IndexBuilder::box(number);
    return (box.x + box.width / 2.0) / 65535;
  };
  const double middle = (10'000 + 2500) / 65535.0;
  const std::uint32_t id = builder.add("/p/a.jpg", {{}, {}}, {},
                                       {{"Anna", centre(2), middle, 0.06, 0.09},
                                        {"Ben", centre(1), middle, 0.05, 0.08},
                                        {"Nobody", 0.9, 0.9, 0.1, 0.1}});
  const RegionTable regions(*database_);
  EXPECT_THAT(regions.faces_named("anna"), ElementsAre(std::pair(id, 2)));
  EXPECT_THAT(regions.faces_named("Ben"), ElementsAre(std::pair(id, 1)));
  EXPECT_THAT(regions.faces_named("Nobody"), ElementsAre(std::pair(id, 0)));
  EXPECT_THAT(regions.faces_named("Else"), IsEmpty());
  EXPECT_THAT(regions.names(), ElementsAre("Anna", "Ben", "Nobody"));
}

TEST_F(Store, RemembersWhatWasForgotten) {
  IndexBuilder builder(*database_);
  const auto row = [&](const std::string& path) {
    builder.add(path, {});
    return PhotoTable(*database_).at_path(path).at(0);
  };
  const PhotoRow whole = row("/p/a.jpg");
  const PhotoRow one_face = row("/p/b.jpg");
  Tombstones::add_photo(*database_, whole);
  Tombstones::add_face(*database_, one_face, IndexBuilder::box(1));
  const Tombstones stones(*database_);
  EXPECT_TRUE(stones.photo(*whole.content, "/moved.jpg"));
  EXPECT_TRUE(stones.photo(IndexBuilder::content(77), "/p/a.jpg"));  // edited in place
  EXPECT_FALSE(stones.photo(*one_face.content, "/p/b.jpg"));
  EXPECT_TRUE(stones.face(*one_face.content, "/copy.jpg", IndexBuilder::box(1)));
  EXPECT_FALSE(stones.face(*one_face.content, "/p/b.jpg", IndexBuilder::box(2)));
  EXPECT_EQ(Tombstones::lift(*database_, "/p/a.jpg"), 1);
  EXPECT_FALSE(Tombstones(*database_).photo(*whole.content, "/p/a.jpg"));
}

TEST_F(Store, RemovesPhotosWithAllThatIsKnownOfThem) {
  IndexBuilder builder(*database_);
  const std::uint32_t id =
      builder.add("/p/a.jpg", {{}}, {}, {{"Anna Secretname", 0.08, 0.2, 0.05, 0.08}});
  database_->run("INSERT INTO crop (id, jpeg) VALUES ($1, $2)",
                 {crop_id(id, 1), as_sql_bytes("crop of a secret face")});
  ASSERT_THAT(place_->contents(), HasSubstr("Secretname"));
  const std::uint32_t ids[] = {id};
  SqlTransaction transaction(*database_);
  remove_photos(*database_, ids);
  transaction.commit();
  database_->vacuum();
  EXPECT_EQ(chunks(), 0);
  EXPECT_THAT(place_->contents(), Not(HasSubstr("Secretname")));
  EXPECT_THAT(place_->contents(), Not(HasSubstr("secret face")));
}

TEST_F(Store, RefusesSchemasOfTheFuture) {
  database_->run("UPDATE setting SET value = '99' WHERE name = 'schema'");
  EXPECT_THAT(complaint([&] { open_index(place_->location()); }), HasSubstr("newer facet"));
  EXPECT_THAT(complaint([&] { open_or_make_index(place_->location()); }),
              HasSubstr("schema version 99"));
}

TEST_F(Store, SurvivesBeingMadeTwice) {
  const auto again = open_or_make_index(place_->location());
  EXPECT_EQ(*sql_text(*again, "SELECT value FROM setting WHERE name = 'schema'"),
            std::to_string(kIndexSchema));
}

}  // namespace
}  // namespace facet::detail
