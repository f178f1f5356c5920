// SPDX-License-Identifier: Apache-2.0
#include "base/printable_text.hpp"

#include <gtest/gtest.h>

namespace facet::detail {
namespace {

TEST(PrintableText, LeavesWordsOfAllLanguagesAlone) {
  for (const char* text : {"", "a b.jpg", "Größe", "写真", "😀", "עברית"}) {
    EXPECT_EQ(printable_text(text), text);
  }
}

TEST(PrintableText, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(printable_text("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_EQ(printable_text("a\nb\t\x7f"), "a\\x0ab\\x09\\x7f");
  EXPECT_EQ(printable_text("a\nb\tc\r", true), "a\nb\tc\\x0d");
  EXPECT_EQ(printable_text("\xC2\x9B"
                           "31m"),
            "\\xc2\\x9b31m")
      << "the control of 8-bit terminals";
  EXPECT_EQ(printable_text("gpj.\xE2\x80\xAE"
                           "exe"),
            "gpj.\\xe2\\x80\\xaeexe")
      << "turns the line";
}

TEST(PrintableText, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(printable_text("caf\xE9.jpg"), "caf\\xe9.jpg");
  EXPECT_EQ(printable_text("\xC0\xAF"), "\\xc0\\xaf") << "longer than needed";
  EXPECT_EQ(printable_text("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "half a pair";
  EXPECT_EQ(printable_text("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond the last one";
  EXPECT_EQ(printable_text("\xE2\x82"), "\\xe2\\x82") << "cut off";
}

}  // namespace
}  // namespace facet::detail
