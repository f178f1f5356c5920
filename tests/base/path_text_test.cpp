// SPDX-License-Identifier: Apache-2.0
#include "base/path_text.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

namespace facet::detail {
namespace {

// As docs/json.md tells readers to.
std::string path_of(const PathText& written) {
  if (!written.percent_encoded) return written.text;
  std::string path;
  for (std::size_t i = 0; i < written.text.size(); ++i) {
    if (written.text[i] != '%') {
      path += written.text[i];
      continue;
    }
    path += static_cast<char>(std::strtol(written.text.substr(i + 1, 2).c_str(), nullptr, 16));
    i += 2;
  }
  return path;
}

TEST(PathText, IsThePathWhereThatIsUtf8) {
  for (const char* path : {"", "a.png", "100%.png", "caf\xC3\xA9", "%E9"}) {
    EXPECT_EQ(path_text(path).text, path);
    EXPECT_FALSE(path_text(path).percent_encoded);
  }
}

TEST(PathText, MarksBytesThatAreNot) {
  EXPECT_EQ(path_text("caf\xE9 100%").text, "caf%E9 100%25");
  EXPECT_TRUE(path_text("caf\xE9").percent_encoded);
  EXPECT_EQ(path_text("\xC3\xA9\xC3").text, "\xC3\xA9%C3");
}

TEST(PathText, GivesEveryPathBack) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string path(random() % 8, ' ');
    // Often what the encoding itself uses, and parts of characters.
    for (char& c : path) c = "%E9a\xC3\xA9\xFF\xE2"[random() % 8];
    EXPECT_EQ(path_of(path_text(path)), path);
  }
}

}  // namespace
}  // namespace facet::detail
