// SPDX-License-Identifier: Apache-2.0
#include "index/run/index_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <functional>
#include <optional>

#include "facet/error.hpp"
#include "image/encode.hpp"
#include "index/photo_folder.hpp"
#include "index/run/forget.hpp"
#include "index/search/face_id.hpp"
#include "index/search/search.hpp"
#include "index/store/open_index.hpp"
#include "index/test_database.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

namespace fs = std::filesystem;

class IndexRun : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!TestDatabase::missing().empty()) GTEST_SKIP() << TestDatabase::missing();
    place_.emplace();
    database_ = open_or_make_index(place_->location());
    options_.roots = {root()};
    options_.workers = 2;
  }

  [[nodiscard]] std::string root() const { return absolute_root(folder_.path() / "photos"); }
  [[nodiscard]] fs::path photo(const std::string& name) const { return fs::path(root()) / name; }
  void write(const std::string& name, const std::vector<int>& smiles, int background = 0) {
    write_test_photo(photo(name), smiles, background);
  }

  IndexRunResult run(const Generation& generation = test_generation()) {
    describer_.forget_asked();
    warnings_.clear();
    IndexRunHooks hooks;
    hooks.make_describe = [&] { return describer_.describe(); };
    hooks.begin = [](std::size_t) {};
    hooks.looked_at = [](const std::string&, const Examination&) {};
    hooks.warn = [&](const std::string& text) { warnings_.push_back(text); };
    hooks.read_regions = regions_;
    return run_index(*database_, generation, options_, hooks);
  }

  // Names of photos, and what they show: "a.png 255 12", "b.png gone", "c.png ?" (unreadable).
  std::vector<std::string> contents() {
    std::vector<PhotoRow> rows;
    PhotoTable(*database_).each([&](const PhotoRow& row) { rows.push_back(row); });
    const auto generation = GenerationTable(*database_).current();
    std::vector<std::int64_t> columns;
    if (generation) columns = {generation->attributes[0].column};
    FaceSnapshot snapshot(*database_);
    std::vector<std::string> all;
    std::size_t faces = 0;
    for (const PhotoRow& row : rows) {
      std::string text = row.path().substr(root().size() + 1);
      const std::vector<StoredFace> stored = snapshot.read_photo(row.id, columns);
      EXPECT_EQ(static_cast<int>(stored.size()), row.faces) << text;
      for (const StoredFace& face : stored) text += ' ' + std::to_string(face.attributes[0]);
      if (row.status == PhotoStatus::unreadable) text += " ?";
      if (row.gone) text += " gone";
      faces += stored.size();
      all.push_back(text);
    }
    EXPECT_EQ(faces, snapshot.faces()) << "faces of no photo";
    std::sort(all.begin(), all.end());
    return all;
  }

  std::string complaint(const std::function<void()>& work) {
    try {
      work();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "nothing";
  }

  TemporaryFolder folder_;
  std::optional<TestDatabase> place_;
  std::unique_ptr<SqlDatabase> database_;
  IndexRunOptions options_;
  TestDescriber describer_;
  ReadRegions regions_;
  std::vector<std::string> warnings_;
};

TEST_F(IndexRun, AddsWhatItFinds) {
  write("a.png", {255, 12});
  write("below/b.png", {});
  write("below/c.PNG", {100});
  write_all(photo("notes.txt"), "no photo");
  const IndexRunResult result = run();
  EXPECT_EQ(result.counts.added, 3U);
  EXPECT_EQ(result.counts.faces, 3U);
  EXPECT_THAT(contents(), ElementsAre("a.png 255 12", "below/b.png", "below/c.PNG 100"));
  EXPECT_EQ(Searcher(*database_).search(parse_query("smiling")).certain.size(), 1U);
}

TEST_F(IndexRun, HandsLargePhotosOverAsTheirFiles) {
  write("small.png", {9});
  Image large(2100, 1500);
  large.row(0)[0] = 1;
  large.row(0)[3] = 200;
  const std::vector<std::byte> bytes = encode_png(large);
  write_all(photo("large.png"), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  int files = 0;
  IndexRunHooks hooks;
  hooks.make_describe = [&] {
    const DescribePhotos describe = describer_.describe();
    return DescribePhotos(describe.decoded, [&files, describe](std::span<EncodedPhoto> photos) {
      std::vector<PhotoResult> results;
      for (EncodedPhoto& one : photos) {
        ++files;
        const Image image = one.decode().image;
        results.push_back(describe.decoded(std::span(&image, 1)).at(0));
      }
      return results;
    });
  };
  hooks.begin = [](std::size_t) {};
  hooks.looked_at = [](const std::string&, const Examination&) {};
  hooks.warn = [](const std::string&) {};
  options_.workers = 1;
  run_index(*database_, test_generation(), options_, hooks);
  EXPECT_EQ(files, 1);
  EXPECT_THAT(contents(), ElementsAre("large.png 200", "small.png 9"));
  const PhotoRow row = PhotoTable(*database_).at_path(photo("large.png").string()).at(0);
  EXPECT_EQ(row.width, 2100);
  EXPECT_TRUE(row.look.has_value());
}

TEST_F(IndexRun, CountsWhatItPassesOver) {
  write("a.png", {255});
  write("._a.png", {255}, 1);
  write("@eaDir/a.png", {255}, 2);
  write("elsewhere/b.png", {255}, 3);
  write("clip.MP4", {});
  write("elsewhere/clip.mov", {});
  write("old.crw", {});
  fs::create_directory_symlink("elsewhere", photo("link"));
  const IndexRunResult result = run();
  EXPECT_THAT(contents(), UnorderedElementsAre("a.png 255", "elsewhere/b.png 255"));
  EXPECT_THAT(passed_over_texts(result.passed_over),
              ElementsAre("passed over 1 file of formats that are not read here: 1 .crw",
                          "passed over 2 videos (facet predict --videos looks at them): 1 .mov, "
                          "1 .mp4",
                          "passed over folders of deleted files or thumbnails: @eaDir",
                          HasSubstr("passed over 1 link to folders")));
  EXPECT_THAT(result.unknown_roots, IsEmpty());
}

// As earlier versions recorded, or somebody who named such a folder.
TEST_F(IndexRun, DropsWhatItKnowsFromFoldersOfTheSystem) {
  write("a.png", {255});
  write("@eaDir/a.png", {12}, 1);
  write("b/.thumbnails/normal/b.png", {13}, 2);
  const std::string thumbnails = root() + "/b/.thumbnails";
  options_.roots = {root(), root() + "/@eaDir", thumbnails};
  EXPECT_EQ(run().counts.added, 3U) << "named by themselves, they are looked at";
  options_.roots = {root(), thumbnails};
  IndexRunResult result = run();
  EXPECT_EQ(result.left_out, 1U);
  EXPECT_EQ(result.gone, 0U);
  EXPECT_FALSE(result.many_gone) << "nothing is missing";
  EXPECT_THAT(contents(), ElementsAre("a.png 255", "b/.thumbnails/normal/b.png 13"));
  EXPECT_TRUE(fs::exists(photo("@eaDir/a.png")));
  options_.roots = {root()};
  // Found by a watch in a folder that changed, too.
  options_.changed = {{root() + "/b", true}};
  EXPECT_EQ(run().left_out, 1U);
  EXPECT_THAT(contents(), ElementsAre("a.png 255"));
  options_.changed.reset();
  result = run();
  EXPECT_EQ(result.left_out, 0U);
  EXPECT_EQ(result.unchanged, 1U);
}

TEST_F(IndexRun, NamesFoldersThatAreNotThere) {
  write("a.png", {255});
  options_.roots.push_back(root() + "/mistyped");
  options_.roots.push_back(absolute_root(folder_.path() / "nowhere"));
  EXPECT_THAT(run().unknown_roots, ElementsAre(options_.roots.back()));
  fs::create_directories(folder_.path() / "nowhere");
  EXPECT_THAT(run().unknown_roots, IsEmpty()) << "an empty folder is there";
}

TEST_F(IndexRun, PassesOverWhatDidNotChange) {
  write("a.png", {255});
  write("b.png", {1}, 1);
  run();
  const IndexRunResult result = run();
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_EQ(result.unchanged, 2U);
  EXPECT_EQ(result.counts.added + result.counts.changed + result.counts.touched, 0U);
}

TEST_F(IndexRun, ReadsButDoesNotDescribeWhatHasANewTimeOnly) {
  write("a.png", {255});
  run();
  fs::last_write_time(photo("a.png"), fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(run().counts.touched, 1U);
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_EQ(run().unchanged, 1U);
}

TEST_F(IndexRun, DescribesWhatChanged) {
  write("a.png", {255, 3});
  write("b.png", {9}, 1);
  run();
  write("a.png", {77});
  EXPECT_EQ(run().counts.changed, 1U);
  EXPECT_EQ(describer_.asked(), 1);
  EXPECT_THAT(contents(), ElementsAre("a.png 77", "b.png 9"));
}

TEST_F(IndexRun, RecognisesWhatMoved) {
  for (int i = 0; i < 4; ++i) write(std::to_string(i) + ".png", {200 + i}, i);
  run();
  const std::uint32_t before = PhotoTable(*database_).at_path(photo("1.png").string())[0].id;
  fs::create_directories(photo("new"));
  fs::rename(photo("1.png"), photo("new/other.png"));
  const IndexRunResult result = run();
  EXPECT_EQ(result.counts.moved, 1U);
  EXPECT_EQ(result.gone, 0U);
  EXPECT_FALSE(result.many_gone);
  EXPECT_EQ(describer_.asked(), 0);
  const auto after = PhotoTable(*database_).at_path(photo("new/other.png").string());
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].id, before);
  EXPECT_THAT(contents(), ElementsAre("0.png 200", "2.png 202", "3.png 203", "new/other.png 201"));
}

TEST_F(IndexRun, RecognisesWhatMovedOverAnother) {
  write("a.png", {10});
  write("b.png", {20}, 1);
  run();
  fs::rename(photo("a.png"), photo("b.png"));
  run();
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_THAT(contents(), ElementsAre("b.png 10"));
}

TEST_F(IndexRun, DescribesCopiesOnce) {
  write("a.png", {255, 7});
  run();
  fs::copy_file(photo("a.png"), photo("copy1.png"));
  fs::copy_file(photo("a.png"), photo("copy2.png"));
  EXPECT_EQ(run().counts.copies, 2U);
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_THAT(contents(), ElementsAre("a.png 255 7", "copy1.png 255 7", "copy2.png 255 7"));
}

TEST_F(IndexRun, ListsUnreadablePhotosWithTheReason) {
  write("a.png", {255});
  write_all(photo("broken.png"), "not a picture");
  EXPECT_EQ(run().counts.unreadable, 1U);
  const auto rows = PhotoTable(*database_).at_path(photo("broken.png").string());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_THAT(rows[0].reason, HasSubstr("not a"));
  EXPECT_THAT(contents(), ElementsAre("a.png 255", "broken.png ?"));
  EXPECT_EQ(run().counts.unreadable, 0U);  // it is known
  write("broken.png", {5}, 3);
  EXPECT_EQ(run().counts.changed, 1U);
  EXPECT_THAT(contents(), ElementsAre("a.png 255", "broken.png 5"));
  write_all(photo("a.png"), "broken now");
  run();
  EXPECT_THAT(contents(), ElementsAre("a.png ?", "broken.png 5"));
}

TEST_F(IndexRun, MarksWhatIsGone) {
  for (int i = 10; i < 22; ++i) write(std::to_string(i) + ".png", {i}, i);
  run();
  fs::remove(photo("10.png"));
  IndexRunResult result = run();
  EXPECT_EQ(result.gone, 1U);
  EXPECT_FALSE(result.many_gone);
  EXPECT_THAT(contents()[0], "10.png 10 gone");
  fs::remove(photo("11.png"));
  fs::remove(photo("12.png"));
  result = run();
  EXPECT_EQ(result.gone, 2U);
  EXPECT_TRUE(result.many_gone);
  EXPECT_EQ(contents().size(), 12U);
  write("11.png", {11}, 11);  // the same again
  result = run();
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_THAT(contents()[1], "11.png 11");
  options_.prune = true;
  result = run();
  EXPECT_EQ(result.pruned, 2U);
  EXPECT_EQ(result.gone, 0U);
  EXPECT_EQ(contents().size(), 10U);
}

TEST_F(IndexRun, KeepsAllOfAMissingDisk) {
  write("a.png", {1});
  write("b.png", {2}, 1);
  run();
  fs::rename(root(), root() + ".unmounted");
  options_.prune = true;
  IndexRunResult result = run();
  EXPECT_THAT(result.missing_roots, ElementsAre(root()));
  EXPECT_EQ(result.gone, 2U);
  EXPECT_EQ(result.pruned, 0U);
  fs::create_directory(root());  // the empty folder that a disk was mounted on
  result = run();
  EXPECT_THAT(result.missing_roots, ElementsAre(root()));
  EXPECT_EQ(result.pruned, 0U);
  EXPECT_THAT(contents(), ElementsAre("a.png 1 gone", "b.png 2 gone"));
  fs::remove(root());
  fs::rename(root() + ".unmounted", root());
  result = run();
  EXPECT_EQ(result.returned, 2U);
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_THAT(contents(), ElementsAre("a.png 1", "b.png 2"));
  fs::remove_all(root());
  options_.prune_missing_roots = true;
  EXPECT_EQ(run().pruned, 2U);
  EXPECT_THAT(contents(), IsEmpty());
}

TEST_F(IndexRun, AnotherModelAsksForReindex) {
  write("a.png", {1});
  run();
  EXPECT_THAT(complaint([&] { run(test_generation("b")); }), HasSubstr("--reindex"));
  options_.reindex = true;
  EXPECT_EQ(run(test_generation("b")).counts.changed, 1U);
  EXPECT_EQ(describer_.asked(), 1);
  EXPECT_EQ(run(test_generation("b")).unchanged, 1U);
  EXPECT_EQ(describer_.asked(), 0);
}

TEST_F(IndexRun, ReindexingGoesOnWhereItWasInterrupted) {
  for (int i = 0; i < 40; ++i) write(std::to_string(10 + i) + ".png", {i}, i);
  run();
  options_.reindex = true;
  describer_.fail_after(25);
  EXPECT_THAT(complaint([&] { run(test_generation("b")); }), HasSubstr("interrupted"));
  describer_.fail_after(0);
  EXPECT_EQ(contents().size(), 40U);
  run(test_generation("b"));
  EXPECT_LE(describer_.asked(), 40);
  EXPECT_EQ(GenerationTable(*database_).outdated_photos(), 0);
  EXPECT_EQ(contents().size(), 40U);
}

TEST_F(IndexRun, WhatWasForgottenDoesNotReturn) {
  write("secret-name.png", {255, 9});
  write("b.png", {2}, 1);
  run();
  fs::copy_file(photo("secret-name.png"), photo("copy.png"));
  run();
  const Forgotten forgotten = forget(*database_, photo("secret-name.png").string());
  EXPECT_EQ(forgotten.photos, 2U);
  erase_traces(*database_);
  EXPECT_THAT(place_->contents(), Not(HasSubstr("secret-name")));
  EXPECT_EQ(run().counts.forgotten, 2U);
  EXPECT_THAT(contents(), ElementsAre("b.png 2"));
  fs::rename(photo("secret-name.png"), photo("renamed.png"));
  write("copy.png", {44}, 5);  // at its old place something new: nobody said that it may return
  run();
  EXPECT_THAT(contents(), ElementsAre("b.png 2"));
  EXPECT_TRUE(allow_again(*database_, photo("copy.png").string()));
  run();
  EXPECT_THAT(contents(), ElementsAre("b.png 2", "copy.png 44"));
  EXPECT_FALSE(allow_again(*database_, photo("b.png").string()));
}

TEST_F(IndexRun, AForgottenFaceDoesNotReturn) {
  write("a.png", {255, 9, 30});
  run();
  const ContentHash content = *PhotoTable(*database_).at_path(photo("a.png").string())[0].content;
  EXPECT_EQ(forget(*database_, face_id_text(content, 2)).faces, 1U);
  EXPECT_THAT(contents(), ElementsAre("a.png 255 30"));
  EXPECT_THAT(complaint([&] { forget(*database_, face_id_text(content, 2)); }),
              HasSubstr("no such face"));
  options_.reindex = true;
  run(test_generation("b"));
  EXPECT_EQ(describer_.asked(), 1);
  EXPECT_THAT(contents(), ElementsAre("a.png 255 30"));
  // The others keep their names.
  EXPECT_EQ(forget(*database_, face_id_text(content, 3)).faces, 1U);
  EXPECT_THAT(contents(), ElementsAre("a.png 255"));
  EXPECT_THAT(complaint([&] { forget(*database_, "nowhere.png"); }), HasSubstr("no such photo"));
}

TEST_F(IndexRun, WipesAllButWhatWasForgotten) {
  write("alpha-name.png", {255});
  write("b.png", {2}, 1);
  run();
  forget(*database_, photo("b.png").string());
  wipe(*database_);
  erase_traces(*database_);
  EXPECT_THAT(place_->contents(), Not(HasSubstr("alpha-name")));
  EXPECT_THAT(contents(), IsEmpty());
  EXPECT_EQ(run().counts.forgotten, 1U);
  EXPECT_THAT(contents(), ElementsAre("alpha-name.png 255"));
}

TEST_F(IndexRun, ShardsTogetherAreOneRun) {
  for (int i = 0; i < 30; ++i) write(std::to_string(10 + i) + ".png", {i}, i);
  std::size_t added = 0;
  for (const char* part : {"1/3", "2/3", "3/3"}) {
    options_.shard = read_shard(part);
    const std::size_t now = run().counts.added;
    EXPECT_GT(now, 0U);
    added += now;
  }
  EXPECT_EQ(added, 30U);
  EXPECT_EQ(contents().size(), 30U);
  options_.shard = {};
  EXPECT_EQ(run().unchanged, 30U);
  // A shard does not take the others' photos for gone.
  options_.shard = read_shard("1/3");
  EXPECT_EQ(run().gone, 0U);
  for (const char* wrong : {"0/3", "4/3", "1", "1/", "/3", "a/3", "1/3x"}) {
    EXPECT_THAT(complaint([&] { read_shard(wrong); }), HasSubstr("1/8")) << wrong;
  }
}

TEST_F(IndexRun, KeepsCropsWhereWanted) {
  write("a.png", {255, 9});
  options_.crop_side = 16;
  run();
  EXPECT_EQ(sql_integer(*database_, "SELECT count(*) FROM crop"), 2);
  std::string jpeg;
  database_->run("SELECT jpeg FROM crop ORDER BY id", {},
                 [&](const SqlRow& row) { jpeg = as_text(row.bytes(0)); });
  const Image crop = decode_image(std::as_bytes(std::span(jpeg)));
  EXPECT_EQ(crop.width, 16);
  forget(*database_, photo("a.png").string());
  EXPECT_EQ(sql_integer(*database_, "SELECT count(*) FROM crop"), 0);
}

TEST_F(IndexRun, ReadsNamesAgainWhereTheSidecarChanges) {
  write("a.png", {255, 9});
  std::string name = "Anna";
  regions_ = [&](const fs::path&, std::span<const std::byte>) {
    return std::vector<NamedRegion>{{name, 11.0 / 32, 8.0 / 24, 6.0 / 32, 8.0 / 24}};
  };
  run();
  EXPECT_EQ(Searcher(*database_).search(parse_query("person:anna")).certain[0].faces[0].number, 2);
  name = "Ben";
  write_all(photo("a.png.xmp"), "changed");
  EXPECT_EQ(run().counts.touched, 1U);
  EXPECT_EQ(describer_.asked(), 0);
  EXPECT_EQ(Searcher(*database_).search(parse_query("person:ben")).certain.size(), 1U);
}

TEST_F(IndexRun, KeepsNamesThatCannotBeReadNow) {
  write("a.png", {9});
  bool readable = true;
  regions_ = [&](const fs::path&,
                 std::span<const std::byte>) -> std::optional<std::vector<NamedRegion>> {
    if (!readable) return std::nullopt;
    return std::vector<NamedRegion>{{"Anna", 3.0 / 32, 8.0 / 24, 6.0 / 32, 8.0 / 24}};
  };
  run();
  readable = false;
  write_all(photo("a.png.xmp"), "damaged");
  EXPECT_EQ(run().counts.touched, 1U);
  EXPECT_EQ(RegionTable(*database_).faces_named("anna").size(), 1U);
}

TEST_F(IndexRun, BringsNoNameOfAForgottenFaceBack) {
  write("a.png", {255, 9});
  regions_ = [&](const fs::path&, std::span<const std::byte>) {
    return std::vector<NamedRegion>{{"Anna", 11.0 / 32, 8.0 / 24, 6.0 / 32, 8.0 / 24},
                                    {"Ben", 0.9, 0.9, 0.1, 0.1}};
  };
  run();
  ASSERT_EQ(RegionTable(*database_).names().size(), 2U);
  const auto anna = RegionTable(*database_).faces_named("anna").at(0);
  const PhotoRow row = PhotoTable(*database_).find(anna.first).value();
  forget(*database_, face_id_text(*row.content, anna.second));
  EXPECT_THAT(RegionTable(*database_).names(), ElementsAre("Ben"));
  write_all(photo("a.png.xmp"), "changed");
  EXPECT_EQ(run().counts.touched, 1U);
  EXPECT_THAT(RegionTable(*database_).names(), ElementsAre("Ben"));
  write("a.png", {255, 9}, 1);  // another content at this place
  run();
  EXPECT_THAT(RegionTable(*database_).names(), ElementsAre("Ben"));
}

TEST_F(IndexRun, ChangesNothingOfFoldersThatCannotBeListed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root lists every folder";
  write("a.png", {1});
  write("closed/b.png", {2}, 1);
  run();
  fs::permissions(photo("closed"), fs::perms::none);
  const IndexRunResult result = run();
  fs::permissions(photo("closed"), fs::perms::owner_all);
  EXPECT_EQ(result.gone, 0U);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("closed")));
}

}  // namespace
}  // namespace facet::detail
