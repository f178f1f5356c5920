// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256_blocks.hpp"

namespace facet::detail {
namespace {

std::string digest(std::string_view text) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(text)));
  return hash.finish();
}

// Vectors of FIPS 180-4's examples.
TEST(Sha256, HashesTheStandardsExamples) {
  EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(
      digest("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
             "klmnopqrlmnopqrsmnopqrstnopqrstu"),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(digest(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowTheBytesArrive) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i);
  const std::string whole = digest(text);
  for (std::size_t step = 1; step <= 130; ++step) {
    Sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += step) {
      hash.update(std::as_bytes(std::span(std::string_view(text).substr(at, step))));
    }
    ASSERT_EQ(hash.finish(), whole) << "in steps of " << step;
  }
}

TEST(Sha256, IsTheSameByTheProcessorsInstructions) {
  const ProcessSha256Blocks by_instructions = sha256_blocks_of_processor();
  if (by_instructions == nullptr) GTEST_SKIP() << "this processor has no instructions for SHA-256";
  std::mt19937 random(1);
  std::vector<std::uint8_t> bytes(40 * kSha256Block);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  Sha256State expected = {1, 2, 3, 4, 5, 6, 7, 8};
  Sha256State state = expected;
  for (const std::size_t blocks : {0U, 1U, 2U, 37U}) {
    process_sha256_blocks(expected, bytes.data(), blocks);
    by_instructions(state, bytes.data(), blocks);
    ASSERT_EQ(state, expected) << blocks << " blocks";
  }
}

}  // namespace
}  // namespace facet::detail
