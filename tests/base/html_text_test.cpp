// SPDX-License-Identifier: Apache-2.0
#include "base/html_text.hpp"

#include <gtest/gtest.h>

namespace facet::detail {
namespace {

TEST(HtmlText, WritesOutWhatAPageWouldRead) {
  EXPECT_EQ(html_escaped("<a href=\"x\">R&B</a>"), "&lt;a href=&quot;x&quot;&gt;R&amp;B&lt;/a&gt;");
  EXPECT_EQ(html_escaped("hübsch 5 o'clock"), "hübsch 5 o'clock");
  EXPECT_EQ(html_escaped(""), "");
}

}  // namespace
}  // namespace facet::detail
