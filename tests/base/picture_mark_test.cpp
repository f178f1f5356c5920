// SPDX-License-Identifier: Apache-2.0
#include "base/picture_mark.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace facet::detail {
namespace {

using namespace std::string_view_literals;

// The start of real files, and what stands for their pixels.
const std::string kJpeg(
    "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xFF\xDB\0\4ab\xFF\xDA\0\2pixels\xFF\xD9"sv);
const std::string kPng("\x89PNG\r\n\x1A\n\0\0\0\rIHDR0123456789012crc!\0\0\0\2IDATxyabcd"sv);

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string marked(const std::string& picture) {
  const std::vector<std::byte> result = with_picture_mark(bytes(picture));
  return {reinterpret_cast<const char*>(result.data()), result.size()};
}

TEST(PictureMark, IsFoundInWhatFacetDrewAndInNothingElse) {
  for (const std::string& picture : {kJpeg, kPng}) {
    EXPECT_FALSE(has_picture_mark(bytes(picture)));
    EXPECT_TRUE(has_picture_mark(bytes(marked(picture))));
    EXPECT_TRUE(has_intact_picture_mark(bytes(marked(picture))));
    EXPECT_TRUE(has_picture_mark(bytes(marked(picture)).first(256))) << "the first bytes will do";
  }
  EXPECT_FALSE(has_picture_mark(bytes("facet picture sha256=")));
  EXPECT_FALSE(has_picture_mark({}));
  EXPECT_FALSE(has_picture_mark(bytes(std::string("\xFF\xD8\xFF\xFE\xFF\xFF"sv))));
}

TEST(PictureMark, TellsWhenSomebodyWorkedOnThePicture) {
  for (const std::string& picture : {kJpeg, kPng}) {
    std::string changed = marked(picture);
    changed[changed.size() - 3] = static_cast<char>(changed[changed.size() - 3] ^ 1);
    EXPECT_TRUE(has_picture_mark(bytes(changed)));
    EXPECT_FALSE(has_intact_picture_mark(bytes(changed)));
    EXPECT_FALSE(has_intact_picture_mark(bytes(marked(picture) + "more")));
  }
}

TEST(PictureMark, KeepsJfifsSegmentFirst) {
  const std::string result = marked(kJpeg);
  EXPECT_EQ(result.substr(0, 20), kJpeg.substr(0, 20));
  EXPECT_EQ(result.substr(20, 2), "\xFF\xFE");
}

}  // namespace
}  // namespace facet::detail
