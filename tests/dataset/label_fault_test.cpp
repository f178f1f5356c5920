// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <functional>
#include <regex>

#include "facet/error.hpp"
#include "fake_collections.hpp"

namespace facet::detail {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Fault {
  const char* name;
  const char* file;
  const char* contents;
  const char* message;  // the end of it, from the file's name on
  ErrorCode code = ErrorCode::bad_label;
};

std::string replaced(std::string_view text, const std::string& from, const std::string& to) {
  std::string result(text);
  result.replace(result.find(from), from.size(), to);
  return result;
}

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << fault.name;
}

class LabelFault : public ::testing::TestWithParam<Fault> {};

// Each list of the six photos, with one fault.
const Fault kFaults[] = {
    {"CountTooHigh", "list_attr_celeba.txt", "7\nMale\n000001.jpg 1\n",
     "list_attr_celeba.txt:1: announces 7 photos, 1 follow"},
    {"CountTooLow", "list_attr_celeba.txt", "1\nMale\n000001.jpg 1\n000002.jpg 1\n",
     "list_attr_celeba.txt:1: announces 1 photos, 2 follow"},
    {"NoCount", "list_attr_celeba.txt", "Bald Male\n000001.jpg 1 1\n",
     "list_attr_celeba.txt:1: the number of photos expected, found 'Bald'"},
    {"Empty", "list_attr_celeba.txt", "", "list_attr_celeba.txt: no line of attribute names"},
    {"UnknownPhoto", "list_attr_celeba.txt", "2\nMale\n000001.jpg 1\n000099.jpg 1\n",
     "list_attr_celeba.txt:4: photo '000099.jpg' is not in ", ErrorCode::not_found},
    {"ValueZero", "list_attr_celeba.txt", "2\nBald Male\n000001.jpg 1 1\n000002.jpg -1 0\n",
     "list_attr_celeba.txt:4: '0' for Male is neither 1 nor -1"},
    {"ValueText", "list_attr_celeba.txt", "1\nBald Male\n000001.jpg yes 1\n",
     "list_attr_celeba.txt:3: 'yes' for Bald is neither 1 nor -1"},
    {"ValueTwo", "list_attr_celeba.txt", "1\nBald Male\n\n000001.jpg 1 2\n",
     "list_attr_celeba.txt:4: '2' for Male is neither 1 nor -1"},
    {"TooFewColumns", "list_attr_celeba.txt", "1\nBald Male\n000001.jpg 1\n",
     "list_attr_celeba.txt:3: 2 labels expected, found 1"},
    {"TooManyColumns", "list_attr_celeba.txt", "1\nBald Male\n000001.jpg 1 1 1\n",
     "list_attr_celeba.txt:3: 2 labels expected, found 3"},
    {"PhotoTwice", "list_attr_celeba.txt", "2\nMale\n000001.jpg 1\n000001.png 1\n",
     "list_attr_celeba.txt:4: photo '000001.png' is named twice"},
    {"AttributeTwice", "list_attr_celeba.txt", "1\nMale Male\n000001.jpg 1 1\n",
     "list_attr_celeba.txt:2: attribute 'Male' twice"},
    {"PartitionThree", "list_eval_partition.txt", "000001.jpg 0\n000002.jpg 3\n",
     "list_eval_partition.txt:2: '3' is no partition (0, 1 or 2)"},
    {"PartitionOfUnknownPhoto", "list_eval_partition.txt", "000044.jpg 0\n",
     "list_eval_partition.txt:1: photo '000044.jpg' is not in the attribute list"},
    {"PartitionTwice", "list_eval_partition.txt", "000001.jpg 0\n000001.jpg 1\n",
     "list_eval_partition.txt:2: photo '000001.jpg' is named twice"},
    {"PartitionColumns", "list_eval_partition.txt", "000001.jpg\n",
     "list_eval_partition.txt:1: 2 columns expected, found 1"},
    {"IdentityNegative", "identity_CelebA.txt", "000001.jpg -4\n",
     "identity_CelebA.txt:1: '-4' is no identity number"},
    {"BoxOfThreeNumbers", "list_bbox_detector.txt", "000001.jpg 1 2 3\n",
     "list_bbox_detector.txt:1: 4 numbers a box expected, found 3"},
    {"BoxOfNegativeSize", "list_bbox_detector.txt", "000001.jpg 1 2 3 -4\n",
     "list_bbox_detector.txt:1: '-4' is no size of a box"},
    {"BoxOfText", "list_bbox_detector.txt", "000002.jpg 1 2 3 4\n000001.jpg 1 nan 3 4\n",
     "list_bbox_detector.txt:2: 'nan' is no place of a box"},
    {"BoxCount", "list_bbox_celeba.txt", "2\nimage_id x_1 y_1 width height\n000001.jpg 1 2 3 4\n",
     "list_bbox_celeba.txt:1: announces 2 photos, 1 follow"},
};

TEST_P(LabelFault, IsThrownAndGatheredWithFileLineAndValue) {
  const fake::Folder folder;
  folder.six_photos("img_align_celeba", ".jpg");
  folder.text("list_attr_celeba.txt", fake::kAttributes);
  folder.text(GetParam().file, GetParam().contents);
  const std::string expected = (folder.path() / GetParam().message).string();
  try {
    read_collection(folder.path());
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith(expected));
    EXPECT_EQ(error.code(), GetParam().code);
  }
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::error),
              Contains(::testing::StartsWith(expected)));
}

INSTANTIATE_TEST_SUITE_P(Celeba, LabelFault, ::testing::ValuesIn(kFaults),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST(Check, FindsNothingWrongWithASoundCollection) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  const auto findings = check_collection(folder.path(), true);
  EXPECT_THAT(fake::messages(findings, Finding::Level::error), IsEmpty());
  EXPECT_THAT(fake::messages(findings, Finding::Level::note),
              Contains("CelebA: 6 photos, 3 attributes"));
}

TEST(Check, GathersAllFaultsInTheOrderOfTheFiles) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  std::string attributes = replaced(fake::kAttributes, "6\n", "5\n");
  attributes = replaced(attributes, "000003.jpg -1", "000003.jpg +2");
  attributes = replaced(attributes, "000006.jpg", "000007.jpg");
  folder.text("list_attr_celeba.txt", attributes);
  std::filesystem::remove(folder.path() / "list_bbox_detector.txt");
  std::filesystem::remove(folder.path() / "identity_CelebA.txt");
  const auto errors = fake::messages(check_collection(folder.path(), false), Finding::Level::error);
  EXPECT_THAT(errors,
              ElementsAre(EndsWith("list_attr_celeba.txt:5: '+2' for Bald is neither 1 nor -1"),
                          HasSubstr("list_attr_celeba.txt:8: photo '000007.jpg' is not in "),
                          EndsWith("list_attr_celeba.txt:1: announces 5 photos, 6 follow"),
                          EndsWith("list_eval_partition.txt:6: photo '000006.jpg' is not in the "
                                   "attribute list")));
}

TEST(Check, CountsErrorsOfOneKindAndNamesTheFirst) {
  const fake::Folder folder;
  folder.six_photos("img_align_celeba", ".jpg");
  folder.text("list_attr_celeba.txt",
              "3\nBald Male\n000001.jpg 1 0\n000002.jpg 0 0\n000003.jpg 0 1 1\n");
  EXPECT_THAT(
      fake::messages(check_collection(folder.path(), false), Finding::Level::error),
      ElementsAre(EndsWith("list_attr_celeba.txt:3: '0' for Male is neither 1 nor -1, the first of "
                           "4 such errors in this file"),
                  EndsWith("list_attr_celeba.txt:5: 2 labels expected, found 3")));
}

TEST(Check, SaysWhereTheCollectionsAreOneLevelTooHigh) {
  const fake::Folder folder;
  folder.six_photos("celeba/img_align_celeba", ".jpg");
  folder.six_photos("scenes/park", ".jpg");
  const auto findings = check_collection(folder.path(), false);
  EXPECT_THAT(fake::messages(findings, Finding::Level::error),
              ElementsAre(EndsWith("is no collection; there are some in it: celeba (CelebA)")));
  EXPECT_THROW(read_collection(folder.path()), Error);
}

TEST(Check, WarnsOfFoldersBesidePhotos) {
  const fake::Folder folder;
  folder.six_photos(".", ".jpg");
  folder.six_photos("more", ".jpg");
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::warning),
              ElementsAre("folders beside the photos are left out: more"));
}

TEST(Check, NamesPhotosThatDoNotDecode) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  folder.text("img_align_celeba/000004.webp", "this is no photo");
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::error),
              IsEmpty());
  EXPECT_THAT(fake::messages(check_collection(folder.path(), true), Finding::Level::error),
              ElementsAre(HasSubstr("000004.webp")));
}

TEST(Check, WarnsOfPhotosWithoutLabelsPartitionOrIdentity) {
  const fake::Folder folder;
  fake::write_celeba(folder);
  folder.photo("img_align_celeba/000007.webp");
  folder.text("list_eval_partition.txt", "000001.jpg 0\n000002.jpg 1\n");
  folder.text("identity_CelebA.txt", "000001.jpg 0\n");
  const auto warnings =
      fake::messages(check_collection(folder.path(), false), Finding::Level::warning);
  EXPECT_THAT(warnings, Contains(HasSubstr("1 photos of ")));
  EXPECT_THAT(warnings, Contains("4 photos belong to no partition"));
  EXPECT_THAT(warnings, Contains("5 photos have no identity"));
  EXPECT_THAT(warnings, Contains("attribute Smiling is missing"));
}

TEST(Check, SaysWhichPartOfCelebaIsMissing) {
  const fake::Folder folder;
  folder.six_photos("img_align_celeba", ".jpg");
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::error),
              ElementsAre(EndsWith(": no list_attr_celeba.txt or .csv")));
  const fake::Folder labels_only;
  labels_only.text("list_attr_celeba.txt", fake::kAttributes);
  EXPECT_THAT(fake::messages(check_collection(labels_only.path(), false), Finding::Level::error),
              ElementsAre(HasSubstr("no folder img_align_celeba")));
  EXPECT_THROW(read_collection(labels_only.path()), Error);
}

TEST(Check, RefusesAFolderThatIsNotThere) {
  const fake::Folder folder;
  try {
    check_collection(folder.path() / "nowhere", false);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.what(), HasSubstr("nowhere"));
  }
}

}  // namespace
}  // namespace facet::detail
