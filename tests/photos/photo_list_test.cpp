// SPDX-License-Identifier: Apache-2.0
#include "photos/photo_list.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

class PhotoList : public ::testing::Test {
 protected:
  PhotoList() {
    for (const char* name : {"b.jpg", "A.JPEG", "c.webp", "notes.txt", "sub/d.PNG", "sub/x.pdf"}) {
      std::filesystem::create_directories((folder_ / name).parent_path());
      write_all(folder_ / name, "x");
    }
  }
  std::vector<std::string> shown(const std::vector<std::string>& arguments,
                                 const std::string& input = {}) {
    std::istringstream stream(input);
    std::vector<std::string> names;
    for (const PhotoFile& photo : collect_photos(arguments, stream).photos)
      names.push_back(photo.shown);
    return names;
  }
  TemporaryFolder folder_;
};

TEST_F(PhotoList, SearchesFoldersInOrderForKnownExtensions) {
  const std::vector<std::string> expected = {"A.JPEG", "b.jpg", "c.webp", "sub/d.PNG"};
  EXPECT_EQ(shown({folder_.path().string()}), expected);
  EXPECT_EQ(shown({folder_.path().string() + "/"}), expected) << "a slash at the end";
}

TEST_F(PhotoList, TakesFilesAsTypedWhateverTheirExtension) {
  const std::string typed = folder_.path().string() + "/sub/../notes.txt";
  EXPECT_EQ(shown({typed}), std::vector<std::string>{typed});
}

TEST_F(PhotoList, IgnoresFoldersAndLinksNamedLikePhotos) {
  std::filesystem::create_directories(folder_ / "folder.jpg");
  std::filesystem::create_symlink(folder_ / "gone", folder_ / "dangling.jpg");
  EXPECT_EQ(shown({folder_.path().string()}).size(), 4U);
}

TEST_F(PhotoList, MixesArgumentsAndStandardInput) {
  const std::string b = (folder_ / "b.jpg").string();
  const std::string sub = (folder_ / "sub").string();
  EXPECT_EQ(shown({b, "-"}, sub + "\n"), (std::vector<std::string>{b, "d.PNG"}));
}

TEST_F(PhotoList, NamesWhatIsMissing) {
  const auto code = [&](const std::vector<std::string>& arguments) {
    try {
      shown(arguments);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::invalid_argument;
  };
  EXPECT_EQ(code({(folder_ / "missing.jpg").string()}), ErrorCode::not_found);
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_EQ(code({(folder_ / "empty").string()}), ErrorCode::not_found);
  EXPECT_EQ(code({"-"}), ErrorCode::not_found);
}

}  // namespace
}  // namespace facet::detail
