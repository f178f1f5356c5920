// SPDX-License-Identifier: Apache-2.0
#include "photos/picture_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facet/error.hpp"
#include "image/encode.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Pictures : public ::testing::Test {
 protected:
  [[nodiscard]] PhotoList photos(const std::vector<std::string>& names) const {
    PhotoArguments arguments;
    for (const std::string& name : names) arguments.paths.push_back((folder_ / name).string());
    return collect_photos(arguments);
  }
  // The names of the pictures.
  std::vector<std::string> draw_into(const std::string& name, const PhotoList& list,
                                     bool overwrite = false) const {
    OutputGuard guard(overwrite);
    for (const PhotoFile& photo : list.photos) guard.protect(photo.file);
    PictureFolder pictures((folder_ / name).string(), list.photos, guard);
    Image picture(5, 4);
    picture.pixels[7] = 200;
    for (std::size_t i = 0; i < list.photos.size(); ++i) pictures.write(i, picture);
    EXPECT_THAT(pictures.failures(), ::testing::IsEmpty());
    std::vector<std::string> names;
    for (const auto& target : pictures.targets()) names.push_back(target.file.filename().string());
    return names;
  }
  void make(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    write_all(folder_ / name, "x");
  }

  TemporaryFolder folder_;
};

TEST_F(Pictures, HaveNamesOfTheirOwn) {
  for (const char* name : {"p/a.png", "p/a.webp", "p/s/b.jpg", "p/s_b.JPG", "q/A.webp"}) make(name);
  EXPECT_THAT((draw_into("out", photos({"p", "q"}))),
              ElementsAre("a.png", "a.jpg", "s_b.jpg", "s_b-2.jpg", "A-2.jpg"));
}

TEST_F(Pictures, NeverReplaceAPhotoOfTheRun) {
  make("p/a.jpg");
  make("p/a-2.jpg");
  const std::vector<std::string> first = (draw_into("p/.", photos({"p"}), true));
  EXPECT_THAT(first, ElementsAre("a-2-2.jpg", "a-3.jpg"));
  EXPECT_EQ(read_all(folder_ / "p/a.jpg"), "x");
  EXPECT_EQ(read_all(folder_ / "p/a-2.jpg"), "x");
  const PhotoList again = photos({"p"});
  EXPECT_EQ(again.photos.size(), 2U) << "the pictures are no photos";
  EXPECT_EQ(again.passed_over.own_pictures, 2U);
  EXPECT_EQ((draw_into("p", again)), first) << "they replace themselves";
}

TEST_F(Pictures, ReplaceNoNeighbourThatTheRunDoesNotRead) {
  make("p/a.webp");
  make("p/a.jpg");
  const PhotoList one = photos({"p/a.webp"});
  EXPECT_THROW(draw_into("p", one), Error);
  EXPECT_EQ(read_all(folder_ / "p/a.jpg"), "x");
  draw_into("p", one, true);
  EXPECT_NE(read_all(folder_ / "p/a.jpg"), "x") << "with --overwrite";
}

TEST_F(Pictures, ReplaceNoPictureThatSomebodyWorkedOn) {
  make("a.png");
  const PhotoList list = photos({"a.png"});
  draw_into("out", list);
  draw_into("out", list);
  std::string bytes = read_all(folder_ / "out/a.png");
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
  write_all(folder_ / "out/a.png", bytes);
  EXPECT_THROW(draw_into("out", list), Error);
}

TEST_F(Pictures, HaveShortNamesForPhotosWithLongOnes) {
  const std::string start(236, 'n');
  make("p/" + start + "one.jpg");
  make("p/" + start + "two.jpg");
  make("p/" + start.substr(1) + "\xC3\xA9\xC3\xA9\xC3\xA9.jpg");
  for (const std::string& name : (draw_into("out", photos({"p"})))) {
    EXPECT_LE(name.size(), 255U);
    EXPECT_TRUE(fs::exists(folder_ / "out" / name)) << name;
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "out"), {}), 3);
}

TEST_F(Pictures, AreWhatWasDrawn) {
  make("a.png");
  draw_into("new/out", photos({"a.png"}));
  const Image read = read_image(folder_ / "new/out/a.png");
  EXPECT_EQ(read.width, 5);
  EXPECT_EQ(read.pixels[7], 200);
}

TEST_F(Pictures, ThatCannotBeWrittenAreRemembered) {
  make("a.png");
  const PhotoList list = photos({"a.png"});
  OutputGuard guard(false);
  PictureFolder pictures((folder_ / "out").string(), list.photos, guard);
  fs::remove_all(folder_ / "out");
  pictures.write(0, Image(5, 4));
  ASSERT_EQ(pictures.failures().size(), 1U);
  EXPECT_THAT(pictures.failures()[0], HasSubstr("out/a.png: cannot be written: No such file"));
}

TEST_F(Pictures, NeedAFolder) {
  make("file.png");
  EXPECT_THROW(draw_into("file.png", photos({"file.png"})), Error);
}

}  // namespace
}  // namespace facet::detail
