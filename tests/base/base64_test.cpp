// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <gtest/gtest.h>

#include <string>

namespace facet::detail {
namespace {

// RFC 4648, section 10.
TEST(Base64, KnowsTheStandardsExamples) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : examples) {
    const std::string text = plain;
    EXPECT_EQ(base64_text(std::as_bytes(std::span(text))), coded);
    const auto bytes = base64_bytes(coded);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()), plain);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* text : {"Zg", "Zg=", "Z===", "Zg=a", "Z g=", "Zm9\n"}) {
    EXPECT_FALSE(base64_bytes(text)) << text;
  }
}

}  // namespace
}  // namespace facet::detail
