// SPDX-License-Identifier: Apache-2.0
#include "photos/photo_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/picture_mark.hpp"
#include "facet/error.hpp"
#include "image/encode.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Listing : public ::testing::Test {
 protected:
  Listing() {
    for (const char* name : {"b.jpg", "A.JPEG", "c.webp", "notes.txt", "sub/d.PNG"}) make(name);
  }
  void make(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    write_all(folder_ / name, "x");
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  [[nodiscard]] static PhotoList list(const std::vector<std::string>& paths,
                                      const std::string& input = {}) {
    PhotoArguments arguments;
    arguments.paths = paths;
    std::size_t at = 0;
    arguments.read_input = [&](std::span<char> buffer) {
      const std::size_t count = std::min(buffer.size(), input.size() - at);
      std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(at), count, buffer.begin());
      at += count;
      return count;
    };
    return collect_photos(arguments);
  }
  [[nodiscard]] static std::vector<std::string> shown(const std::vector<std::string>& paths,
                                                      const std::string& input = {}) {
    std::vector<std::string> names;
    for (const PhotoFile& photo : list(paths, input).photos) names.push_back(photo.shown);
    return names;
  }
  [[nodiscard]] std::vector<std::string> shown() const { return shown({folder_.path().string()}); }

  TemporaryFolder folder_;
};

TEST_F(Listing, SearchesFoldersInOrderForKnownExtensions) {
  EXPECT_THAT(shown(), ElementsAre("A.JPEG", "b.jpg", "c.webp", "sub/d.PNG"));
  EXPECT_EQ(shown({folder_.path().string() + "/"}), shown()) << "a slash at the end";
}

TEST_F(Listing, TakesFilesAsTypedWhateverTheirExtension) {
  const std::string typed = path("sub/../notes.txt");
  EXPECT_THAT(shown({typed}), ElementsAre(typed));
}

TEST_F(Listing, TellsPhotosOfSeveralFoldersApart) {
  make("other/d.PNG");
  EXPECT_THAT(shown({path("sub"), path("other")}),
              ElementsAre(path("sub/d.PNG"), path("other/d.PNG")));
  EXPECT_THAT(shown({"-"}, path("sub") + "\n"), ElementsAre(path("sub/d.PNG")));
}

TEST_F(Listing, MixesArgumentsAndStandardInput) {
  EXPECT_THAT(shown({path("b.jpg"), "-"}, path("sub") + "\n" + path("c.webp")),
              ElementsAre(path("b.jpg"), path("sub/d.PNG"), path("c.webp")));
}

TEST_F(Listing, LeavesOutWhatOtherProgramsKeepBesidePhotos) {
  for (const char* name : {"._b.jpg", "@eaDir/b.jpg", ".Trash-1000/files/b.jpg", ".Trashes/b.jpg",
                           "$RECYCLE.BIN/b.jpg", ".thumbnails/b.jpg"}) {
    make(name);
  }
  make(".hidden/e.jpg");
  const PhotoList found = list({folder_.path().string()});
  EXPECT_EQ(found.photos.size(), 5U) << "hidden photos are photos";
  EXPECT_EQ(found.passed_over.left_out.size(), 5U);
}

TEST_F(Listing, CountsFilesOfOtherFormats) {
  for (const char* name : {"1.jp2", "2.JP2", "scan.ppm"}) make(name);
  const PhotoList found = list({folder_.path().string()});
  EXPECT_THAT(passed_over_texts(found.passed_over),
              ElementsAre(HasSubstr("3 files of formats that are not read here: 2 .jp2, 1 .ppm")));
}

TEST_F(Listing, CountsVideosOfFoldersUnlessTheyAreAskedFor) {
  for (const char* name : {"1.mov", "2.MOV", "sub/clip.avi"}) make(name);
  const PhotoList found = list({folder_.path().string()});
  EXPECT_EQ(found.photos.size(), 4U);
  EXPECT_THAT(passed_over_texts(found.passed_over),
              ElementsAre("passed over 3 videos (facet predict --videos looks at them): 1 .avi, "
                          "2 .mov"));
  PhotoArguments arguments;
  arguments.paths = {folder_.path().string()};
  arguments.videos = true;
  const PhotoList all = collect_photos(arguments);
  EXPECT_EQ(std::count_if(all.photos.begin(), all.photos.end(),
                          [](const PhotoFile& photo) { return photo.video; }),
            3);
  EXPECT_EQ(all.photos.size(), 7U);
  EXPECT_THAT(passed_over_texts(all.passed_over), testing::IsEmpty());
}

TEST_F(Listing, KnowsNamedVideosByNameOrContent) {
  make("film.mp4");
  write_all(folder_ / "recording", std::string("\x1A\x45\xDF\xA3\x01\x00\x00\x00", 8));
  const PhotoList found =
      list({path("film.mp4"), path("recording"), path("b.jpg"), path("notes.txt")});
  ASSERT_EQ(found.photos.size(), 4U);
  EXPECT_TRUE(found.photos[0].video);
  EXPECT_TRUE(found.photos[1].video);
  EXPECT_FALSE(found.photos[2].video);
  EXPECT_FALSE(found.photos[3].video);
}

TEST_F(Listing, PassesOverPicturesThatFacetDrew) {
  const std::vector<std::byte> picture = with_picture_mark(encode_png(Image(4, 4)));
  write_all(folder_ / "sub/marked.png",
            {reinterpret_cast<const char*>(picture.data()), picture.size()});
  EXPECT_EQ(shown().size(), 4U);
  EXPECT_THAT(passed_over_texts(list({folder_.path().string()}).passed_over),
              ElementsAre("passed over 1 picture that facet drew"));
  EXPECT_EQ(shown({path("sub/marked.png")}).size(), 1U) << "named, it is a photo like others";
}

TEST_F(Listing, FollowsLinkedFoldersOnce) {
  const TemporaryFolder elsewhere;
  write_all(elsewhere / "far.jpg", "x");
  fs::create_directory_symlink(elsewhere.path(), folder_ / "a-link");
  fs::create_directory_symlink(elsewhere.path(), folder_ / "another");
  fs::create_directory_symlink(folder_.path(), folder_ / "sub/loop");
  fs::create_directory_symlink("sub", folder_ / "0-link");
  EXPECT_THAT(shown(), ElementsAre("A.JPEG", "a-link/far.jpg", "b.jpg", "c.webp", "sub/d.PNG"));
}

TEST_F(Listing, NamesLinksThatLeadNowhereAndIgnoresFoldersNamedLikePhotos) {
  fs::create_directories(folder_ / "folder.jpg");
  fs::create_symlink(folder_ / "gone", folder_ / "dangling.jpg");
  ASSERT_EQ(::mkfifo(path("pipe.jpg").c_str(), 0600), 0);
  EXPECT_EQ(shown().size(), 5U);
}

TEST_F(Listing, NamesFoldersThatCannotBeRead) {
  fs::permissions(folder_ / "sub", fs::perms::none);
  const bool root = ::geteuid() == 0;  // who reads every folder
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const PhotoList found = list({folder_.path().string()});
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(folder_ / "sub", fs::perms::owner_all);
  ASSERT_EQ(found.photos.size(), 4U);
  EXPECT_EQ(found.photos.back().shown, "sub");
  EXPECT_THAT(found.photos.back().fault, HasSubstr("cannot read folder: Permission denied"));
}

TEST_F(Listing, GoesOnPastWhatIsMissing) {
  fs::create_directories(folder_ / "empty");
  const PhotoList found =
      list({path("b.jpg"), "-"}, path("gone.jpg") + "\n" + path("c.webp") + "\n" + path("empty"));
  ASSERT_EQ(found.photos.size(), 4U);
  EXPECT_EQ(found.photos[1].fault, "no such file or folder");
  EXPECT_EQ(found.photos[2].fault, "");
  EXPECT_EQ(found.photos[3].fault, "no photos in this folder");
}

TEST_F(Listing, RefusesWhatHoldsNoPhotoAtAll) {
  fs::create_directories(folder_ / "empty");
  const auto message = [&](const std::vector<std::string>& paths) -> std::string {
    try {
      (void)list(paths);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(message({path("missing.jpg")}), HasSubstr("missing.jpg: no such file or folder"));
  EXPECT_THAT(message({path("empty")}), HasSubstr("empty: no photos in this folder"));
  make("empty/1.mov");
  EXPECT_THAT(message({path("empty")}), HasSubstr("1 .mov")) << "says what is there instead";
  EXPECT_THAT(message({"-"}), HasSubstr("the list is empty"));
}

}  // namespace
}  // namespace facet::detail
