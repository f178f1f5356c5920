// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "facet/report.hpp"
#include "report/example_results.hpp"

namespace facet::detail {
namespace {

// The bytes of CelebA's list_attr_celeba.txt: a space after every name, values in two columns.
TEST(AttrList, HasTheFormOfCelebAsFile) {
  PhotoResult second = two_faces();
  second.path = "b.jpg";
  second.faces.erase(second.faces.begin());
  EXPECT_EQ(to_attr_list(std::vector{two_faces(), second}, example_context()),
            "2\n"
            "5_o_Clock_Shadow Smiling Young \n"
            "a/two.jpg -1  1  1\n"
            "b.jpg  1 -1  1\n");
}

TEST(AttrList, CountsOnlyThePhotosItLists) {
  EXPECT_EQ(to_attr_list(example_results(), example_context()),
            "1\n5_o_Clock_Shadow Smiling Young \na/two.jpg -1  1  1\n");
  EXPECT_EQ(to_attr_list({}, example_context()), "0\n5_o_Clock_Shadow Smiling Young \n");
}

TEST(AttrList, LeavesAttributesBeyondItsNamesOut) {
  PhotoResult result = two_faces();
  result.faces[0].attributes.push_back({"Fourth", 0.9F, 0.5F, true});
  EXPECT_EQ(to_attr_list(std::vector{result}, example_context()),
            "1\n5_o_Clock_Shadow Smiling Young \na/two.jpg -1  1  1\n");
}

TEST(AttrList, EncodesSpacesInPaths) {
  PhotoResult result = two_faces();
  result.path = "my photos/a b.jpg";
  const std::string text = to_attr_list(std::vector{result}, example_context());
  EXPECT_NE(text.find("\nmy%20photos/a%20b.jpg -1  1  1\n"), std::string::npos) << text;
}

TEST(Boxes, HaveALineAReadablePhoto) {
  std::vector<PhotoResult> results = example_results();
  results[1].path = "a cup.png";
  EXPECT_EQ(to_boxes(results),
            "a/two.jpg 100.00 50.00 80.50 100.00 3.25 300.00 20.00 40.00 50.00 0.5\n"
            "a%20cup.png\n");
}

TEST(PercentEncoding, TouchesWhiteSpaceAndPercentOnly) {
  EXPECT_EQ(percent_encode_spaces("plain/path-1.jpg"), "plain/path-1.jpg");
  EXPECT_EQ(percent_encode_spaces("a b\tc\nd\re\vf\fg"), "a%20b%09c%0Ad%0De%0Bf%0Cg");
  EXPECT_EQ(percent_encode_spaces("100%"), "100%25");
  EXPECT_EQ(percent_encode_spaces("caf\xC3\xA9.jpg"), "caf\xC3\xA9.jpg");
  EXPECT_EQ(percent_encode_spaces(""), "");
}

// Readers that split text at any Unicode white space must find one path.
TEST(PercentEncoding, CoversWhiteSpaceBeyondAscii) {
  EXPECT_EQ(percent_encode_spaces("a\xC2\xA0"
                                  "b\xE3\x80\x80"
                                  "c"),
            "a%C2%A0b%E3%80%80c");
  EXPECT_EQ(percent_encode_spaces("\xC2"), "\xC2") << "a cut character is not white space";
}

}  // namespace
}  // namespace facet::detail
