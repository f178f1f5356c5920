// SPDX-License-Identifier: Apache-2.0
#include "photos/path_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace facet::detail {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;

using Separator = PathList::Separator;

// The paths of a text that arrives in blocks of that size.
std::vector<std::string> paths(const std::string& text, std::size_t block,
                               Separator separator = Separator::automatic) {
  std::size_t at = 0;
  PathList list(
      [&](std::span<char> buffer) {
        const std::size_t count = std::min({block, buffer.size(), text.size() - at});
        std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, buffer.begin());
        at += count;
        return count;
      },
      separator);
  std::vector<std::string> result;
  while (auto path = list.next()) result.push_back(*path);
  return result;
}

TEST(PathList, ReadsLinesHoweverTheyEnd) {
  for (const std::size_t block : {1, 3, 1000}) {
    EXPECT_THAT(paths("a.jpg\nb c.jpg\r\n\n\r\nd", block), ElementsAre("a.jpg", "b c.jpg", "d"));
    EXPECT_THAT(paths("", block), ElementsAre());
  }
}

TEST(PathList, ReadsPathsSeparatedByNul) {
  EXPECT_THAT(paths("a\nb.jpg\0c.jpg\0"s, 1000), ElementsAre("a\nb.jpg", "c.jpg"))
      << "names may hold line breaks then";
  EXPECT_THAT(paths("a\nb.jpg\0c.jpg\0"s, 1, Separator::nul), ElementsAre("a\nb.jpg", "c.jpg"));
  EXPECT_THAT(paths("a.jpg\0c.jpg"s, 1), ElementsAre("a.jpg", "c.jpg"));
}

TEST(PathList, ReadsEveryEncodingThatHasAMark) {
  for (const std::size_t block : {1, 3, 1000}) {
    EXPECT_THAT(paths("\xEF\xBB\xBF"
                      "a.jpg\nb.jpg",
                      block),
                ElementsAre("a.jpg", "b.jpg"));
    EXPECT_THAT(paths("\xFF\xFE"
                      "a\0\r\0\n\0\xE9\0\x3D\xD8\x00\xDE\n\0"s,
                      block),
                ElementsAre("a", "é😀"));
    EXPECT_THAT(paths("\xFE\xFF"
                      "\0a\0\n\xD8\x3D\xDE\x00"s,
                      block),
                ElementsAre("a", "😀"));
  }
  EXPECT_THAT(paths("caf\xE9.jpg\n", 2), ElementsAre("caf\xE9.jpg")) << "any bytes are a name";
}

TEST(PathList, AnswersAsSoonAsAPathIsComplete) {
  int reads = 0;
  PathList list([&](std::span<char> buffer) -> std::size_t {
    if (++reads > 1) ADD_FAILURE() << "would have waited";
    const std::string line = "first.jpg\n";
    std::copy(line.begin(), line.end(), buffer.begin());
    return line.size();
  });
  EXPECT_EQ(list.next(), "first.jpg");
}

TEST(PathList, KeepsLittleOfWhatIsNoList) {
  EXPECT_LE(paths(std::string(1 << 20, 'x') + "\nb.jpg", 1 << 12).front().size(), 1U << 16U);
}

}  // namespace
}  // namespace facet::detail
