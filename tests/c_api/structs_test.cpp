// SPDX-License-Identifier: Apache-2.0
// Structs that may grow: what an older or a newer caller gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "c_api/boundary.hpp"
#include "c_api/small_predictor.hpp"
#include "facet/version.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

using CStructs = SmallPredictor;

// Options as a later version might have them.
struct LongerOptions {
  facet_predict_options known;
  std::int64_t more = 0;
};

TEST_F(CStructs, OfLaterVersionsAreReadWhereTheyAskForNothingNew) {
  LongerOptions longer{defaults()};
  longer.known.struct_size = sizeof longer;
  facet_result* result = nullptr;
  EXPECT_EQ(facet_predict_file(predictor_.get(), path("face.png").c_str(), &longer.known, &result),
            FACET_OK);
  facet_result_free(result);
  longer.more = 1;
  EXPECT_EQ(facet_predict_file(predictor_.get(), path("face.png").c_str(), &longer.known, &result),
            FACET_INVALID_ARGUMENT);
  EXPECT_THAT(facet_last_error(), HasSubstr("does not know"));
}

TEST_F(CStructs, WithAWrongSizeAreRefused) {
  auto options = defaults();
  for (const std::size_t size : {std::size_t{0}, sizeof(std::size_t), sizeof options - 1,
                                 std::size_t{1} << 40U, ~std::size_t{0}}) {
    options.struct_size = size;
    facet_result* result = nullptr;
    EXPECT_EQ(facet_predict_file(predictor_.get(), path("face.png").c_str(), &options, &result),
              FACET_INVALID_ARGUMENT);
    EXPECT_THAT(facet_last_error(), HasSubstr("struct_size is " + std::to_string(size)));
  }
  const auto result = predict("face.png", nullptr);
  facet_face face{};
  EXPECT_EQ(facet_result_face(result.get(), 0, &face), FACET_INVALID_ARGUMENT);
  EXPECT_EQ(face.attribute_count, 0U);
}

TEST_F(CStructs, OfLaterVersionsAreFilledWithNoughtBeyondWhatIsKnown) {
  struct LongerFace {
    facet_face known{};
    std::int64_t more = -1;
  } face;
  face.known.struct_size = sizeof face;
  const auto result = predict("face.png", nullptr);
  ASSERT_EQ(facet_result_face(result.get(), 0, &face.known), FACET_OK);
  EXPECT_EQ(face.known.struct_size, sizeof face);
  EXPECT_EQ(face.known.attribute_count, 40U);
  EXPECT_EQ(face.more, 0);
}

TEST(CErrors, HaveTheNumbersAndNamesOfCpp) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const auto of = static_cast<ErrorCode>(code);
    EXPECT_EQ(code_of(status_of(of)), of);
    EXPECT_EQ(status_of(of), code + 1);
    EXPECT_STRNE(facet_status_name(status_of(of)), "unknown");
  }
  EXPECT_STREQ(facet_status_name(FACET_TIMED_OUT), "timed_out");
  EXPECT_STREQ(facet_status_name(-1), "unknown");
  EXPECT_STREQ(facet_status_name(99), "unknown");
  EXPECT_EQ(facet_version(), library_version());
}

TEST(CErrors, OfEveryKindStayInside) {
  EXPECT_EQ(guarded([] { throw std::bad_alloc(); }), FACET_OUT_OF_MEMORY);
  EXPECT_EQ(guarded([] { throw std::logic_error("wrong"); }), FACET_INTERNAL);
  EXPECT_STREQ(facet_last_error(), "wrong");
  EXPECT_EQ(guarded([] { throw 7; }), FACET_INTERNAL);
}

}  // namespace
}  // namespace facet::detail
