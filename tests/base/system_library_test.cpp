// SPDX-License-Identifier: Apache-2.0
#include "base/system_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    return error.what();
  }
  return "none";
}

TEST(SystemLibrary, GivesItsFunctions) {
  const SystemLibrary library("libm.so.6", "a test needs libm.so.6");
  double (*root)(double) = nullptr;
  library.find(root, "sqrt");
  EXPECT_EQ(root(9), 3);
}

TEST(SystemLibrary, SaysWhoNeedsWhatIsMissing) {
  const std::string missing = refusal([] { SystemLibrary("libno-such.so.1", "a test needs it"); });
  EXPECT_THAT(missing, StartsWith("a test needs it: "));
  EXPECT_THAT(missing, HasSubstr("libno-such.so.1"));
  const SystemLibrary library("libm.so.6", "a test needs libm.so.6");
  const std::string other = refusal([&] {
    void (*function)() = nullptr;
    library.find(function, "no_such_function");
  });
  EXPECT_THAT(other, StartsWith("a test needs libm.so.6: "));
  EXPECT_THAT(other, HasSubstr("no_such_function"));
}

}  // namespace
}  // namespace facet::detail
