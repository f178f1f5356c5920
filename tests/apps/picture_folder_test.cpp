// SPDX-License-Identifier: Apache-2.0
#include "picture_folder.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"

namespace facet::cli {
using namespace detail;
namespace {

std::vector<std::string> names(const PictureFolder& pictures) {
  std::vector<std::string> result;
  for (const auto& file : pictures.files()) result.push_back(file.filename().string());
  return result;
}

TEST(PictureFolder, GivesEveryPhotoANameOfItsOwn) {
  const TemporaryFolder folder;
  for (const char* name : {"p/a.png", "p/a.webp", "p/s/b.jpg", "p/s_b.JPG", "q/A.webp"}) {
    std::filesystem::create_directories((folder / name).parent_path());
    write_all(folder / name, "x");
  }
  std::istringstream none;
  const std::vector<PhotoFile> photos =
      collect_photos({(folder / "p").string(), (folder / "q").string()}, none);
  const PictureFolder pictures((folder / "out").string(), photos);
  EXPECT_EQ(names(pictures),
            (std::vector<std::string>{"a.png", "a.jpg", "s_b.jpg", "s_b-2.jpg", "A-2.jpg"}));
}

TEST(PictureFolder, NeverReplacesAPhoto) {
  const TemporaryFolder folder;
  write_all(folder / "a.jpg", "x");
  write_all(folder / "a-2.jpg", "x");
  std::istringstream none;
  const std::vector<PhotoFile> photos = collect_photos({folder.path().string()}, none);
  const PictureFolder pictures(folder.path().string() + "/.", photos);
  EXPECT_EQ(names(pictures), (std::vector<std::string>{"a-2-2.jpg", "a-3.jpg"}));
}

TEST(PictureFolder, WritesWhatItIsGiven) {
  const TemporaryFolder folder;
  write_all(folder / "a.png", "x");
  std::istringstream none;
  const std::vector<PhotoFile> photos = collect_photos({(folder / "a.png").string()}, none);
  const PictureFolder pictures((folder / "new" / "out").string(), photos);
  Image picture(5, 4);
  picture.pixels[7] = 200;
  pictures.write(0, picture);
  EXPECT_EQ(read_image(folder / "new/out/a.png").pixels, picture.pixels);
}

TEST(PictureFolder, RefusesAFileInItsPlace) {
  const TemporaryFolder folder;
  write_all(folder / "file", "x");
  EXPECT_THROW(PictureFolder((folder / "file").string(), {}), Error);
}

}  // namespace
}  // namespace facet::cli
