// SPDX-License-Identifier: Apache-2.0
#include "recipe/stage_seed.hpp"

#include <gtest/gtest.h>

namespace facet::detail {
namespace {

// Those that the published models' stages were trained with.
TEST(StageSeed, IsTheSameOnEveryMachine) {
  EXPECT_EQ(stage_seed(1, "a"), 1108505U);
  EXPECT_EQ(stage_seed(1, "lnet_o"), 1705905U);
  EXPECT_EQ(stage_seed(1, "lnet_s_3"), 1267202U) << "a name of eight characters";
  EXPECT_EQ(stage_seed(1, "locate_tags_40_from_nothing"), 1894975U);
  EXPECT_EQ(stage_seed(3, "lnet_o"), 3705911U);
}

}  // namespace
}  // namespace facet::detail
