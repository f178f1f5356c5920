// SPDX-License-Identifier: Apache-2.0
// What decode_image() says and does whatever the format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <thread>

#include "facet/error.hpp"
#include "image/every_format.hpp"

namespace facet::detail {
namespace {

using test::Bytes;
using testing::HasSubstr;
using testing::StartsWith;

Error error_of(const Bytes& bytes, const DecodeOptions& options = {}) {
  try {
    decode_image(bytes, options);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::io, "no error"};
}

void expect_unreadable(const Bytes& bytes, const std::string& reason) {
  const Error error = error_of(bytes);
  EXPECT_EQ(error.code(), ErrorCode::unreadable);
  EXPECT_THAT(error.what(), HasSubstr(reason));
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "facet-image-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::filesystem::path write(const std::string& name, const Bytes& bytes) const {
    std::ofstream(path_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(Decode, ReadsEveryFormat) {
  const Image image = test::gradient(37, 23);
  for (const test::NamedFile& file : test::every_format(image)) {
    SCOPED_TRACE(file.name);
    EXPECT_LE(test::largest_difference(decode_image(file.bytes), image),
              file.name == "lossy WebP" ? 24 : 6);
  }
}

TEST(Decode, CallsEveryCutFileTruncated) {
  for (const test::NamedFile& file : test::every_format(test::noise(64, 48))) {
    for (const double part : {0.15, 0.3, 0.5, 0.8, 0.95}) {
      SCOPED_TRACE(file.name + " cut at " + std::to_string(part));
      Bytes cut = file.bytes;
      cut.resize(static_cast<std::size_t>(static_cast<double>(cut.size()) * part));
      expect_unreadable(cut, "truncated");
    }
  }
}

TEST(Decode, RefusesWhatIsNoPhoto) {
  expect_unreadable(test::bytes_of("This is a letter, not a photo.\n"),
                    "not a photo of a format that facet knows");
  expect_unreadable(test::bytes_of("%PDF-1.4, which nobody asked for"),
                    "not a photo of a format that facet knows");
  expect_unreadable({}, "empty file");
}

TEST(Decode, RefusesPhotosUnderTwoByTwo) {
  for (const auto& [width, height] : {std::pair(1, 1), std::pair(1, 9), std::pair(9, 1)}) {
    for (const test::NamedFile& file : test::every_format(test::gradient(width, height))) {
      SCOPED_TRACE(file.name);
      expect_unreadable(file.bytes, std::to_string(width) + "×" + std::to_string(height));
    }
  }
  EXPECT_EQ(decode_image(test::every_format(test::gradient(2, 2)).front().bytes).width, 2);
}

TEST(Decode, RefusesPhotosAboveTheLimit) {
  for (const test::NamedFile& file : test::every_format(test::gradient(40, 30))) {
    SCOPED_TRACE(file.name);
    EXPECT_EQ(decode_image(file.bytes, {1200}).width, 40);
    const Error error = error_of(file.bytes, {1199});
    EXPECT_EQ(error.code(), ErrorCode::too_large);
    EXPECT_THAT(error.what(), HasSubstr("40×30"));
    EXPECT_THAT(error.what(), HasSubstr("1199 (--max-pixels)"));
  }
}

TEST(Decode, RefusesTooLargeFromTheHeaderAlone) {
  // Nothing but a header: an attempt to decode would call it truncated.
  EXPECT_EQ(error_of(test::png_header(100'000, 100'000)).code(), ErrorCode::too_large);
  EXPECT_EQ(error_of(test::png_header(0x7FFFFFFF, 0x7FFFFFFF)).code(), ErrorCode::too_large);
  EXPECT_EQ(error_of(test::png_header(0xFFFFFFFF, 2)).code(), ErrorCode::too_large);
  // Phones take photos of 200 megapixels.
  EXPECT_EQ(error_of(test::png_header(16'320, 12'240)).code(), ErrorCode::unreadable);
  EXPECT_EQ(error_of(test::png_header(16'320, 16'320)).code(), ErrorCode::too_large);

  Bytes jpeg = test::make_jpeg(16, 16, test::gradient(16, 16).pixels);
  for (std::size_t i = 0; i + 8 < jpeg.size(); ++i) {
    if (jpeg[i] == std::byte{0xFF} && jpeg[i + 1] == std::byte{0xC0}) {
      std::fill_n(jpeg.begin() + static_cast<std::ptrdiff_t>(i) + 5, 4, std::byte{0xF0});
      break;
    }
  }
  EXPECT_EQ(error_of(jpeg).code(), ErrorCode::too_large);
}

TEST(Decode, SurvivesDamage) {
  std::mt19937 random(7);
  for (const test::NamedFile& file : test::every_format(test::gradient(24, 20))) {
    for (int round = 0; round < 150; ++round) {
      Bytes damaged = file.bytes;
      for (int i = 0; i < 4; ++i) {
        damaged[random() % damaged.size()] = static_cast<std::byte>(random() & 255U);
      }
      try {
        const Image image = decode_image(damaged, {1'000'000});
        EXPECT_EQ(image.pixels.size(), std::size_t{3} * static_cast<std::size_t>(image.width) *
                                           static_cast<std::size_t>(image.height));
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
      }
    }
  }
}

TEST(Decode, WorksInManyThreadsAtOnce) {
  const Image image = test::gradient(60, 50);
  const std::vector<test::NamedFile> files = test::every_format(image);
  std::vector<std::thread> threads;
  std::array<bool, 4> right{};
  for (std::size_t t = 0; t < right.size(); ++t) {
    threads.emplace_back([&, t] {
      bool all = true;
      for (std::size_t round = 0; round < 40; ++round) {
        const Bytes& bytes = files[(t + round) % files.size()].bytes;
        all = all && test::largest_difference(decode_image(bytes), image) < 30;
        Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2));
        all = all && error_of(cut).code() == ErrorCode::unreadable;
      }
      right[t] = all;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(right, testing::Each(true));
}

TEST(ReadImage, ReadsByContentNotByName) {
  const TemporaryFolder folder;
  const Image image = test::blocks(3, 2);
  const auto path = folder.write(
      "wrong.jpg", test::make_png(image.width, image.height, 8, PNG_COLOR_TYPE_RGB, image.pixels));
  EXPECT_EQ(read_image(path).pixels, image.pixels);
}

TEST(ReadImage, ReadsFilesOfManyBlocks) {
  const TemporaryFolder folder;
  const Image image = test::noise(400, 300);
  const Bytes bytes = test::make_png(400, 300, 8, PNG_COLOR_TYPE_RGB, image.pixels);
  ASSERT_GT(bytes.size(), 300'000U);
  EXPECT_EQ(read_image(folder.write("noise.png", bytes)).pixels, image.pixels);
}

TEST(ReadImage, NamesTheFile) {
  const TemporaryFolder folder;
  const auto expect = [](const std::filesystem::path& path, ErrorCode code,
                         const std::string& reason) {
    try {
      read_image(path);
      ADD_FAILURE() << path << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_THAT(error.what(), StartsWith(path.string() + ": "));
      EXPECT_THAT(error.what(), HasSubstr(reason));
    }
  };
  expect(folder.write("letter.jpg", test::bytes_of("Dear reader")), ErrorCode::unreadable,
         "not a photo of a format that facet knows");
  expect(folder.write("empty.jpg", {}), ErrorCode::unreadable, "empty file");
  expect(folder.write("huge.png", test::png_header(50'000, 50'000)), ErrorCode::too_large,
         "50000×50000");
  expect(folder.path() / "missing.jpg", ErrorCode::not_found, "no such file");
  expect(folder.path(), ErrorCode::io, "folder");
}

TEST(PhotoExtension, IsKnownInAnyCase) {
  for (const char* name : {"a.jpg", "a.JPG", "b/a.jpeg", "a.JPE", "a.jfif", "a.b.Png", "a.webp",
                           "a.WebP", "a.HEIC", "a.tif", "a.Cr3"}) {
    EXPECT_TRUE(has_photo_extension(name)) << name;
  }
  for (const char* name : {"a.pdf", "jpg", ".jpg", "a.jpg.txt", "a", "a.jpgx", ""}) {
    EXPECT_FALSE(has_photo_extension(name)) << name;
  }
}

}  // namespace
}  // namespace facet::detail
