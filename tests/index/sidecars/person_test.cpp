// SPDX-License-Identifier: Apache-2.0
// Names that ExifTool writes into photos and sidecars, found by facet search.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "image/encode.hpp"
#include "index/sidecars/exiftool.hpp"
#include "index/sidecars/face_regions.hpp"
#include "index/sidecars/region_reader.hpp"
#include "localise/blob_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

// A region by the Metadata Working Group around a blob of 30 pixels in a photo of 160 × 120.
std::string region(const std::string& name, double x, double y) {
  return "-RegionInfo={AppliedToDimensions={W=160,H=120,Unit=pixel},RegionList=[{Area={X=" +
         std::to_string(x / 160) + ",Y=" + std::to_string(y / 120) +
         ",W=0.1875,H=0.25,Unit=normalized},Name=" + name + ",Type=Face}]}";
}

class PersonSearch : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!missing_exiftool().empty()) GTEST_SKIP() << missing_exiftool();
    write_small_model(folder_ / "small.safetensors");
    fs::create_directory(photos());
  }

  [[nodiscard]] fs::path photos() const { return folder_.path() / "photos"; }
  void write_jpeg(const fs::path& file, int x, int y) const {
    Image photo = testing::flat_photo(160, 120, 60);
    testing::draw_blob(photo, static_cast<float>(x), static_cast<float>(y), 30);
    const auto bytes = encode_jpeg(photo, 95);
    write_all(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }

  CommandResult facet(std::vector<std::string> words) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=" + (folder_ / "small.safetensors").string(),
                           "FACET_DB=" + db()};
    return run_facet(words, options);
  }
  [[nodiscard]] std::string db() const { return (folder_ / "index.db").string(); }
  void index() const {
    const CommandResult run = facet({"index", "photos"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }
  // Names of the photos that a query finds.
  [[nodiscard]] std::set<std::string> found(const std::string& query) const {
    const CommandResult result = facet({"search", "--format", "jsonl", "--", query});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::set<std::string> names;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
      names.insert(fs::path(nlohmann::json::parse(line)["path"].get<std::string>()).filename());
    }
    return names;
  }

  TemporaryFolder folder_;
};

using Names = std::set<std::string>;

TEST_F(PersonSearch, FindsNamesInPhotosHoweverTheyAreTurned) {
  Names all;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string name = "turned" + std::to_string(orientation) + ".jpg";
    write_jpeg(photos() / name, 45, 40);
    exiftool_write(photos() / name, {"-n", "-IFD0:Orientation=" + std::to_string(orientation),
                                     region("Anna Lee", 45, 40)});
    all.insert(name);
  }
  index();
  EXPECT_EQ(found("person:\"anna lee\""), all);  // each time on the face itself
  EXPECT_THAT(facet({"search", "person:\"Anna Lee\""}).out, HasSubstr("Anna Lee"));
  EXPECT_THAT(facet({"search", "person:Anne"}).err, HasSubstr("nobody in the index"));
}

TEST_F(PersonSearch, FindsNamesInSidecarsAndFollowsTheirChanges) {
  write_jpeg(photos() / "a.jpg", 45, 40);
  write_jpeg(photos() / "b.jpg", 45, 40);
  exiftool_write(photos() / "a.jpg.xmp", {region("Anna", 45, 40)});
  exiftool_write(photos() / "b.xmp",
                 {"-XMP-MP:RegionInfoMP={Regions=[{PersonDisplayName=Bob,Rectangle="
                  "0.1875|, 0.2083|, 0.1875|, 0.25}]}"});
  index();
  EXPECT_EQ(found("person:anna"), Names{"a.jpg"});
  EXPECT_EQ(found("person:bob"), Names{"b.jpg"});
  EXPECT_EQ(found("photo(person:bob | person:anna)"), (Names{"a.jpg", "b.jpg"}));
  fs::remove(photos() / "a.jpg.xmp");
  exiftool_write(photos() / "a.jpg.xmp", {region("Cleo", 45, 40)});
  EXPECT_THAT(facet({"index", "photos"}).out, HasSubstr("1 touched"));
  EXPECT_EQ(found("person:cleo"), Names{"a.jpg"});
}

TEST_F(PersonSearch, CountsNamesWithoutAFaceForThePhoto) {
  write_jpeg(photos() / "a.jpg", 45, 40);
  exiftool_write(photos() / "a.jpg", {region("Anna", 120, 90)});
  write_flat_photo(photos() / "flat.png");
  exiftool_write(photos() / "flat.png", {region("Anna", 45, 40)});
  index();
  EXPECT_EQ(found("person:anna"), Names{});
  EXPECT_EQ(found("photo(person:anna)"), (Names{"a.jpg", "flat.png"}));
  EXPECT_EQ(found("-photo(person:anna)"), Names{});
}

TEST_F(PersonSearch, ForgetsNamesWithTheirPhotosAndFaces) {
  write_jpeg(photos() / "a.jpg", 45, 40);
  write_jpeg(photos() / "b.jpg", 45, 50);
  exiftool_write(photos() / "a.jpg", {region("Annabella", 45, 40)});
  exiftool_write(photos() / "b.jpg", {region("Balthasar", 45, 50)});
  index();
  ASSERT_THAT(read_all(db()), HasSubstr("Annabella"));
  const auto face = nlohmann::json::parse(
      facet({"search", "person:annabella", "--format", "jsonl"}).out)["faces"][0]["id"];
  EXPECT_EQ(facet({"index", "--forget", face.get<std::string>()}).exit_code, 0);
  EXPECT_THAT(read_all(db()), Not(HasSubstr("Annabella")));
  exiftool_write(photos() / "a.jpg.xmp", {region("Annabella", 45, 40)});
  facet({"index", "photos"});
  EXPECT_THAT(read_all(db()), Not(HasSubstr("Annabella")));
  ASSERT_THAT(read_all(db()), HasSubstr("Balthasar"));
  EXPECT_EQ(facet({"index", "--wipe"}).exit_code, 0);
  EXPECT_THAT(read_all(db()), Not(HasSubstr("Balthasar")));
}

TEST_F(PersonSearch, GoesOnWhereXmpIsDamaged) {
  write_jpeg(photos() / "a.jpg", 45, 40);
  write_jpeg(photos() / "b.jpg", 45, 50);
  exiftool_write(photos() / "a.jpg.xmp", {region("Anna", 45, 40)});
  const std::string whole = read_all(photos() / "a.jpg.xmp");
  write_all(photos() / "a.jpg.xmp", whole.substr(0, whole.size() - 60));
  const CommandResult run = facet({"index", "photos"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.err, HasSubstr("a.jpg.xmp: is no XMP"));
  EXPECT_THAT(run.out, HasSubstr("2 photos added with 2 faces"));
}

// What ExifTool writes is found in every format.
TEST_F(PersonSearch, ReadsRegionsInsideEveryFormat) {
  const fs::path inputs = fs::path(FACET_SOURCE_DIR) / "tests/image/inputs";
  for (const std::string name : {"normal.jpg", "p108.png", "anim.webp", "x.heic"}) {
    const fs::path photo = photos() / name;
    fs::copy_file(inputs / name, photo);
    exiftool_write(photo, {region("Anna Lee", 45, 40)});
    const std::string bytes = read_all(photo);
    const auto regions = embedded_regions(std::as_bytes(std::span(bytes)));
    ASSERT_EQ(regions.size(), 1U) << name;
    EXPECT_EQ(regions[0].name, "Anna Lee");
  }
  // A TIFF of one grey pixel.
  std::string tiff("II*\0\x08\0\0\0\x08\0", 10);
  const auto entry = [&](int tag, int type, int value) {
    for (const int two : {tag, type, 1, 0, value, 0}) {
      tiff += static_cast<char>(two & 0xFF);
      tiff += static_cast<char>(two >> 8);
    }
  };
  entry(256, 3, 1);
  entry(257, 3, 1);
  entry(258, 3, 8);
  entry(259, 3, 1);
  entry(262, 3, 1);
  entry(273, 4, 110);
  entry(278, 3, 1);
  entry(279, 4, 1);
  tiff += std::string(5, '\0');
  write_all(photos() / "a.tif", tiff);
  exiftool_write(photos() / "a.tif", {region("Anna Lee", 45, 40)});
  const std::string bytes = read_all(photos() / "a.tif");
  EXPECT_EQ(embedded_regions(std::as_bytes(std::span(bytes))).size(), 1U);
}

}  // namespace
}  // namespace facet::detail
