// SPDX-License-Identifier: Apache-2.0
// Several indexes become one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <thread>

#include "facet/error.hpp"
#include "index/merge/index_merge.hpp"
#include "index/photo_folder.hpp"
#include "index/run/forget.hpp"
#include "index/run/index_status.hpp"
#include "index/search/face_id.hpp"
#include "index/search/search.hpp"
#include "index/store/open_index.hpp"
#include "index/store/verdict_table.hpp"
#include "index/test_database.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

// An index of its own.
struct Place {
  TestDatabase place;
  std::unique_ptr<SqlDatabase> database = open_or_make_index(place.location());
};

class Merge : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestDatabase::missing().empty()) GTEST_SKIP() << TestDatabase::missing();
  }

  [[nodiscard]] std::string root() const { return absolute_root(folder_.path() / "photos"); }
  void write(const std::string& name, const std::vector<int>& smiles, int background = 0) {
    write_test_photo(fs::path(root()) / name, smiles, background);
  }

  void fill(SqlDatabase& database, const std::string& shard = "1/1",
            const Generation& generation = test_generation(), int crop_side = 0) {
    TestDescriber describer;
    IndexRunHooks hooks;
    hooks.make_describe = [&] { return describer.describe(); };
    hooks.begin = [](std::size_t) {};
    hooks.looked_at = [](const std::string&, const Examination&) {};
    hooks.warn = [](const std::string&) {};
    hooks.read_regions = [](const fs::path& photo, std::span<const std::byte>) {
      std::vector<NamedRegion> regions;
      if (photo.filename().string().starts_with("named"))
        regions.push_back({"Ada", 0.1, 0.33, 0.18, 0.33});
      return regions;
    };
    IndexRunOptions options;
    options.roots = {root()};
    options.shard = read_shard(shard);
    options.crop_side = crop_side;
    run_index(database, generation, options, hooks);
  }

  static MergeCounts merge(SqlDatabase& out, std::vector<SqlDatabase*> others) {
    return merge_indexes(out, others);
  }

  // Everything that a search tells, as text.
  std::string answers(SqlDatabase& database) {
    std::string all;
    Searcher searcher(database);
    SearchOptions options;
    options.most = 0;
    options.most_uncertain = 0;
    options.all_attributes = true;
    for (const char* query : {"smiling", "-smiling", "faces:0", "faces:2 smiling>0.3",
                              "all(smiling)", "photo(smiling) photo(-smiling)", "person:Ada"}) {
      if (query == std::string("person:Ada") && !named_) continue;
      const SearchResult result = searcher.search(parse_query(query), options);
      all += std::string(query) + ": " + std::to_string(result.faces) + '\n';
      std::vector<std::string> lines;
      for (const auto* photos : {&result.certain, &result.uncertain}) {
        for (const FoundPhoto& photo : *photos) {
          std::string line = photo.photo.path() + ' ' + std::to_string(photo.probability);
          for (const FoundFace& face : photo.faces) {
            line += " #" + std::to_string(face.number) + '@' + std::to_string(face.box.x) + '=' +
                    std::to_string(face.probability) + face.person;
          }
          lines.push_back(line);
        }
      }
      std::sort(lines.begin(), lines.end());  // equals stand in any order
      for (const std::string& line : lines) all += line + '\n';
    }
    const IndexStatus status = index_status(database);
    return all + std::to_string(status.photos) + " photos, " + std::to_string(status.faces) +
           " faces, " + std::to_string(status.crops) + " crops, " +
           std::to_string(status.named_faces) + " named, " +
           std::to_string(status.unreadable.size()) + " unreadable";
  }

  std::string complaint(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }
  static std::vector<std::string> paths(SqlDatabase& database) {
    std::vector<std::string> all;
    PhotoTable(database).each([&](const PhotoRow& photo) { all.push_back(photo.name); });
    std::sort(all.begin(), all.end());
    return all;
  }

  TemporaryFolder folder_;
  bool named_ = false;  // some faces have names
};

TEST_F(Merge, OfShardsIsOneRun) {
  named_ = true;
  for (int i = 0; i < 40; ++i) {
    write(std::to_string(i) + ".png", std::vector<int>(static_cast<std::size_t>(i % 4), 6 * i), i);
  }
  write("named.png", {200, 100}, 99);
  write("sub/named-too.png", {200}, 98);
  fs::copy_file(root() + "/3.png", root() + "/sub/copy.png");
  write_all(fs::path(root()) / "broken.png", "no picture");
  Place whole;
  fill(*whole.database, "1/1", test_generation(), 16);
  Place out;
  Place parts[3];
  for (int i = 0; i < 3; ++i) {
    fill(*parts[i].database, std::to_string(i + 1) + "/3", test_generation(), 16);
    EXPECT_LT(paths(*parts[i].database).size(), 30U);
  }
  const MergeCounts counts = merge(
      *out.database, {parts[0].database.get(), parts[1].database.get(), parts[2].database.get()});
  EXPECT_EQ(counts.photos, 44U);
  EXPECT_EQ(counts.already + counts.replaced + counts.forgotten, 0U);
  EXPECT_EQ(answers(*out.database), answers(*whole.database));
  // A run over all of it finds nothing to do.
  fill(*out.database, "1/1", test_generation(), 16);
  EXPECT_EQ(answers(*out.database), answers(*whole.database));
  // And once more adds nothing.
  EXPECT_EQ(merge(*out.database, {parts[0].database.get()}).photos, 0U);
  EXPECT_EQ(answers(*out.database), answers(*whole.database));
}

TEST_F(Merge, RefusesOtherModelsBeforeItChangesAnything) {
  write("a.png", {1});
  Place one;
  Place other;
  fill(*one.database);
  Generation wanted = test_generation("b");
  fill(*other.database, "1/1", wanted);
  Place out;
  EXPECT_THAT(complaint([&] {
                merge(*out.database, {one.database.get(), other.database.get()});
              }),
              HasSubstr("was made with model test 1 (b), not test 1 (a)"));
  EXPECT_THAT(paths(*out.database), IsEmpty());
  for (const char* what : {"head", "precision", "options"}) {
    Place differing;
    wanted = test_generation();
    (what[0] == 'h' ? wanted.head : what[0] == 'p' ? wanted.precision : wanted.options) = "other";
    fill(*differing.database, "1/1", wanted);
    EXPECT_THAT(complaint([&] { merge(*one.database, {differing.database.get()}); }),
                HasSubstr(what));
  }
  EXPECT_THAT(complaint([&] { merge(*one.database, {one.database.get()}); }),
              HasSubstr("named twice"));
  Place empty;
  EXPECT_EQ(merge(*one.database, {empty.database.get()}).photos, 0U);
}

TEST_F(Merge, OfTwoRowsAboutOnePathTheNewerWins) {
  write("a.png", {10}, 1);
  write("b.png", {20}, 2);
  write_all(fs::path(root()) / "c.png", "broken");
  Place old;
  fill(*old.database);
  write("a.png", {11, 12}, 3);
  fs::last_write_time(root() + "/a.png", fs::file_time_type::clock::now() + std::chrono::hours(1));
  write("c.png", {30}, 4);
  fs::remove(root() + "/b.png");
  Place fresh;
  fill(*fresh.database);
  const std::string wanted = answers(*fresh.database);
  const MergeCounts counts = merge(*old.database, {fresh.database.get()});
  EXPECT_EQ(counts.replaced, 2U);
  EXPECT_EQ(counts.photos, 0U);
  EXPECT_THAT(paths(*old.database), ElementsAre("a.png", "b.png", "c.png"));
  Place other_way;
  merge(*other_way.database, {fresh.database.get(), old.database.get()});
  EXPECT_EQ(answers(*other_way.database), answers(*old.database));
  EXPECT_EQ(index_status(*old.database).faces, 4);
}

TEST_F(Merge, KeepsTheLastWordOfPeople) {
  write("a.png", {10}, 1);
  Place one;
  Place other;
  fill(*one.database);
  fill(*other.database);
  const auto say = [&](SqlDatabase& database, bool smiles, int when) {
    const PhotoRow photo = PhotoTable(database).at_path(root() + "/a.png").at(0);
    const auto faces = FaceSnapshot(database).read_photo(photo.id, {});
    VerdictTable table(database);
    table.say({*photo.content, faces.at(0).box, "Smiling", smiles});
    database.run("UPDATE verdict SET said = $1", {when});
    table.apply(photo.id, *photo.content, faces);
  };
  say(*one.database, false, 100);
  say(*other.database, true, 200);
  const auto smiling = [](SqlDatabase& database) {
    return Searcher(database).search(parse_query("smiling")).certain.size();
  };
  EXPECT_EQ(smiling(*one.database), 0U);
  Place copy;
  merge(*copy.database, {one.database.get(), other.database.get()});
  EXPECT_EQ(smiling(*copy.database), 1U);
  merge(*one.database, {other.database.get()});
  EXPECT_EQ(smiling(*one.database), 1U);
  say(*one.database, false, 300);
  merge(*other.database, {one.database.get()});
  EXPECT_EQ(smiling(*other.database), 0U);
}

TEST_F(Merge, WhatOneForgotAllForget) {
  write("secret.png", {255}, 1);
  write("pair.png", {255, 10}, 2);
  write("c.png", {9}, 3);
  Place one;
  Place other;
  fill(*one.database);
  fill(*other.database);
  forget(*one.database, root() + "/secret.png");
  const PhotoRow pair = PhotoTable(*one.database).at_path(root() + "/pair.png").at(0);
  forget(*one.database, face_id_text(*pair.content, 1));
  Place out;
  const MergeCounts counts = merge(*out.database, {other.database.get(), one.database.get()});
  EXPECT_EQ(counts.forgotten, 1U);
  EXPECT_THAT(paths(*out.database), ElementsAre("c.png", "pair.png"));
  EXPECT_EQ(index_status(*out.database).faces, 2);
  EXPECT_EQ(PhotoTable(*out.database).at_path(root() + "/pair.png").at(0).faces, 1);
  merge(*other.database, {one.database.get()});
  EXPECT_THAT(paths(*other.database), ElementsAre("c.png", "pair.png"));
  EXPECT_EQ(index_status(*other.database).faces, 2);
  fill(*out.database);  // and it does not return
  EXPECT_THAT(paths(*out.database), ElementsAre("c.png", "pair.png"));
}

TEST_F(Merge, InterruptedLeavesTheIndexAsItWas) {
  for (int i = 0; i < 60; ++i) write(std::to_string(i) + ".png", {i, 2 * i}, i);
  Place first;
  Place second;
  fill(*first.database, "1/2");
  fill(*second.database, "2/2");
  const std::string before = answers(*first.database);
  const auto start = std::chrono::steady_clock::now();
  {
    Place rehearsal;
    merge(*rehearsal.database, {first.database.get(), second.database.get()});
  }
  const std::chrono::duration<double, std::micro> whole = std::chrono::steady_clock::now() - start;
  first.database.reset();  // no connection is to be shared with a child
  second.database.reset();
  int interrupted = 0;
  constexpr int rounds = 12;
  for (int round = 0; round < rounds; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto out = open_or_make_index(first.place.location());
      const auto in = open_index(second.place.location());
      merge(*out, {in.get()});
      ::_exit(0);
    }
    std::this_thread::sleep_for(
        std::chrono::microseconds(static_cast<int>(whole.count() * round / (2 * rounds))));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) break;  // it was through
    const auto out = open_or_make_index(first.place.location());
    const std::string after = answers(*out);
    if (after != before) {
      EXPECT_EQ(index_status(*out).photos, 60) << "after round " << round;
      break;
    }
    ++interrupted;
  }
  EXPECT_GT(interrupted, 1);
  const auto out = open_or_make_index(first.place.location());
  const auto in = open_index(second.place.location());
  merge(*out, {in.get()});
  Place undisturbed;
  fill(*undisturbed.database);
  EXPECT_EQ(answers(*out), answers(*undisturbed.database));
}

}  // namespace
}  // namespace facet::detail
