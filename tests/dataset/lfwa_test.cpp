// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <matio.h>

#include "facet/error.hpp"
#include "fake_collections.hpp"

namespace facet::detail {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

void write_photos(const fake::Folder& folder) {
  folder.photo("lfw-deepfunneled/AJ_Cook/AJ_Cook_0001.webp");
  folder.photo("lfw-deepfunneled/Zico/Zico_0001.webp");
  folder.photo("lfw-deepfunneled/Zico/Zico_0002.webp");
}

void expect_three_photos(const Collection& collection) {
  EXPECT_EQ(collection.kind, CollectionKind::lfwa);
  EXPECT_THAT(collection.attribute_names, ElementsAre("5_o_Clock_Shadow", "Male"));
  ASSERT_EQ(collection.photos.size(), 3U);
  EXPECT_EQ(collection.photos[0].name, "AJ_Cook/AJ_Cook_0001.jpg");
  EXPECT_EQ(collection.photos[2].name, "Zico/Zico_0002.jpg");
  EXPECT_THAT(collection.photos[0].labels, ElementsAre(-1, -1));
  EXPECT_THAT(collection.photos[1].labels, ElementsAre(1, 1));
  EXPECT_THAT(collection.photos[2].labels, ElementsAre(-1, 1));
  EXPECT_EQ(collection.photos[0].identity, 0);
  EXPECT_EQ(collection.photos[1].identity, 1);
  EXPECT_EQ(collection.photos[2].identity, 1);
  EXPECT_EQ(collection.photos[0].partition, 1);
  EXPECT_EQ(collection.photos[1].partition, 0);
  EXPECT_TRUE(std::filesystem::exists(collection.photos[2].path));
}

TEST(Lfwa, ReadsTextFiles) {
  const fake::Folder folder;
  write_photos(folder);
  folder.text("anno/list_attr_lfwa.txt",
              "3\n5_o_Clock_Shadow Male\nZico/Zico_0001.jpg  1  1\nAJ_Cook/AJ_Cook_0001.jpg -1 -1\n"
              "Zico/Zico_0002.jpg -1  1\n");
  folder.text("anno/list_eval_partition.txt",
              "AJ_Cook/AJ_Cook_0001.jpg 1\nZico/Zico_0001.jpg 0\nZico/Zico_0002.jpg 0\n");
  folder.text("anno/list_bbox_detector.txt", "Zico/Zico_0002.jpg 85 65 86 140\n");
  const Collection collection = read_collection(folder.path());
  expect_three_photos(collection);
  ASSERT_EQ(collection.photos[2].boxes.size(), 1U);
  EXPECT_EQ(collection.photos[2].boxes[0], (Box{85, 65, 86, 140}));
}

TEST(Lfwa, NamesFileAndLineOfAnUnknownPerson) {
  const fake::Folder folder;
  write_photos(folder);
  folder.text("anno/list_attr_lfwa.txt", "1\nMale\nNobody/Nobody_0001.jpg 1\n");
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::error),
              ElementsAre(HasSubstr("list_attr_lfwa.txt:3: photo 'Nobody/Nobody_0001.jpg' is")));
}

TEST(Lfwa, SaysThatLabelsAreMissing) {
  const fake::Folder folder;
  write_photos(folder);
  EXPECT_THROW(read_collection(folder.path()), Error);
}

// --- the official .mat files ---

matvar_t* cells(const char* name, const std::vector<std::string>& texts) {
  std::size_t dims[2] = {texts.size(), 1};
  std::vector<matvar_t*> entries;
  for (std::string text : texts) {  // matio wants to be able to write
    std::size_t size[2] = {1, text.size()};
    entries.push_back(Mat_VarCreate(nullptr, MAT_C_CHAR, MAT_T_UINT8, 2, size, text.data(), 0));
  }
  return Mat_VarCreate(name, MAT_C_CELL, MAT_T_CELL, 2, dims, entries.data(), 0);
}

matvar_t* matrix(const char* name, std::size_t rows, std::size_t columns,
                 std::vector<double> values) {
  std::size_t dims[2] = {rows, columns};
  return Mat_VarCreate(name, MAT_C_DOUBLE, MAT_T_DOUBLE, 2, dims, values.data(), 0);
}

void write_mat(const std::filesystem::path& path, mat_ft version,
               const std::vector<matvar_t*>& variables) {
  mat_t* file = Mat_CreateVer(path.c_str(), nullptr, version);
  ASSERT_NE(file, nullptr);
  for (matvar_t* variable : variables) {
    EXPECT_EQ(Mat_VarWrite(file, variable, MAT_COMPRESSION_NONE), 0);
    Mat_VarFree(variable);
  }
  Mat_Close(file);
}

const std::vector<std::string> kNames = {R"(AJ_Cook\AJ_Cook_0001.jpg)", R"(Zico\Zico_0001.jpg)",
                                         R"(Zico\Zico_0002.jpg)"};
const std::vector<std::string> kAttributes = {"5 o Clock Shadow", "Male"};

class LfwaMatrix : public ::testing::TestWithParam<mat_ft> {};

TEST_P(LfwaMatrix, ReadsTheOfficialFiles) {
  const fake::Folder folder;
  write_photos(folder);
  // Column by column: the shadow of the three photos, then Male.
  write_mat(folder.path() / "lfw_att_40.mat", GetParam(),
            {cells("AttrName", kAttributes), cells("name", kNames),
             matrix("label", 3, 2, {0, 1, 0, 0, 1, 1})});
  write_mat(folder.path() / "indices_train_test.mat", GetParam(),
            {matrix("indices_img_train", 2, 1, {2, 3}), matrix("indices_img_test", 1, 1, {1})});
  expect_three_photos(read_collection(folder.path()));
}

TEST_P(LfwaMatrix, ReadsATurnedMatrixOfPlusAndMinusOnes) {
  const fake::Folder folder;
  write_photos(folder);
  write_mat(folder.path() / "lfw_att_40.mat", GetParam(),
            {cells("AttrName", kAttributes), cells("name", kNames),
             matrix("label", 2, 3, {-1, -1, 1, 1, -1, 1})});
  folder.text("list_eval_partition.txt",
              "AJ_Cook/AJ_Cook_0001.jpg 1\nZico/Zico_0001.jpg 0\nZico/Zico_0002.jpg 0\n");
  expect_three_photos(read_collection(folder.path()));
}

// Version 7.3 is what the official files are.
INSTANTIATE_TEST_SUITE_P(Versions, LfwaMatrix, ::testing::Values(MAT_FT_MAT5, MAT_FT_MAT73),
                         [](const auto& version) {
                           return version.param == MAT_FT_MAT5 ? std::string("Version5")
                                                               : std::string("Version73");
                         });

TEST(LfwaMatrixFault, NamesFileRowAndValueOfFaults) {
  const fake::Folder folder;
  write_photos(folder);
  write_mat(folder.path() / "lfw_att_40.mat", MAT_FT_MAT5,
            {cells("AttrName", kAttributes),
             cells("name", {kNames[0], kNames[1], R"(Zico\Zico_0009.jpg)"}),
             matrix("label", 3, 2, {0, 1, 0, 0, 7, 1})});
  const auto errors = fake::messages(check_collection(folder.path(), false), Finding::Level::error);
  EXPECT_THAT(errors, Contains(HasSubstr("lfw_att_40.mat: row 2: 7.000000 for Male")));
  EXPECT_THAT(errors, Contains(HasSubstr("lfw_att_40.mat: row 3: photo 'Zico/Zico_0009.jpg'")));
}

TEST(LfwaMatrixFault, RefusesSizesThatDoNotFit) {
  const fake::Folder folder;
  write_photos(folder);
  write_mat(
      folder.path() / "lfw_att_40.mat", MAT_FT_MAT5,
      {cells("AttrName", kAttributes), cells("name", kNames), matrix("label", 2, 2, {0, 1, 0, 0})});
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::error),
              Contains(EndsWith("label is 2 x 2, but 3 photos and 2 attributes are named")));
}

// Found by matrix_fuzzer: every name was compared with all of CelebA's before the sizes were.
TEST(LfwaMatrixFault, RefusesMoreAttributesThanAnyListHas) {
  const fake::Folder folder;
  write_photos(folder);
  write_mat(folder.path() / "lfw_att_40.mat", MAT_FT_MAT5,
            {cells("AttrName", std::vector<std::string>(10'001, "A")), cells("name", kNames),
             matrix("label", 3, 1, {0, 1, 0})});
  EXPECT_THAT(fake::messages(check_collection(folder.path(), false), Finding::Level::error),
              Contains(EndsWith("'AttrName' has 10001 cells, more than any list of attributes")));
}

TEST(LfwaMatrixFault, RefusesForeignFilesAndMissingVariables) {
  const fake::Folder folder;
  write_photos(folder);
  folder.text("lfw_att_40.mat", "no matrix at all");
  EXPECT_THROW(read_collection(folder.path()), Error);
  write_mat(folder.path() / "lfw_att_40.mat", MAT_FT_MAT5, {cells("name", kNames)});
  try {
    read_collection(folder.path());
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_label);
    EXPECT_THAT(error.what(), EndsWith("lfw_att_40.mat: no variable 'AttrName'"));
  }
}

}  // namespace
}  // namespace facet::detail
