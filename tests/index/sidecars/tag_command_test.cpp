// SPDX-License-Identifier: Apache-2.0
// facet tag, the real program, with ExifTool as the other one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>
#include <set>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "image/encode.hpp"
#include "index/sidecars/exiftool.hpp"
#include "localise/blob_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

class TagCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!missing_exiftool().empty()) GTEST_SKIP() << missing_exiftool();
    write_small_model(folder_ / "small.safetensors");
    fs::create_directory(photos());
    write_blob_photo(photos() / "a.png");
    write_flat_photo(photos() / "flat.png");
  }

  [[nodiscard]] fs::path photos() const { return folder_.path() / "photos"; }

  CommandResult facet(std::vector<std::string> words) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=" + (folder_ / "small.safetensors").string(),
                           "FACET_DB=" + (folder_ / "index.db").string()};
    return run_facet(words, options);
  }
  CommandResult tag(std::vector<std::string> words) const {
    words.insert(words.begin(), "tag");
    return facet(std::move(words));
  }
  // All that lies in the folder of photos, with contents.
  [[nodiscard]] std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(photos())) {
      files[entry.path().filename().string()] = read_all(entry.path());
    }
    return files;
  }
  // The attributes that hold for the blob, by what facet tag says of it.
  [[nodiscard]] std::set<std::string> said_tags(const std::string& out) const {
    std::set<std::string> tags;
    const std::regex added(R"(\+(celeba_\d+))");
    for (std::sregex_iterator at(out.begin(), out.end(), added), end; at != end; ++at) {
      tags.insert((*at)[1]);
    }
    return tags;
  }

  TemporaryFolder folder_;
};

std::set<std::string> strings(const json& list) {
  if (list.is_string()) return {list.get<std::string>()};
  return list.get<std::set<std::string>>();
}

TEST_F(TagCommand, WritesWhatExifToolReads) {
  const auto before = contents();
  const CommandResult run = tag({"photos"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("1 sidecar written, 1 as before"));
  const std::set<std::string> tags = said_tags(run.out);
  ASSERT_GT(tags.size(), 1U);
  ASSERT_LT(tags.size(), 40U);
  const json xmp = exiftool_read(photos() / "a.png.xmp");
  EXPECT_EQ(strings(xmp.at("XMP-dc:Subject")), tags);
  for (const std::string& name : tags) {
    EXPECT_THAT(strings(xmp.at("XMP-digiKam:TagsList")), Contains("facet/" + name));
    EXPECT_THAT(strings(xmp.at("XMP-lr:HierarchicalSubject")), Contains("facet|" + name));
  }
  EXPECT_FALSE(fs::exists(photos() / "flat.png.xmp"));
  EXPECT_THAT(tag({"photos"}).out, HasSubstr("0 sidecars written, 2 as before"));
  EXPECT_THAT(tag({"photos", "--remove"}).out, HasSubstr("1 sidecar cleared"));
  EXPECT_EQ(contents(), before);
}

TEST_F(TagCommand, ChangesNothingOnADryRun) {
  const auto before = contents();
  const CommandResult run = tag({"photos", "--dry-run", "--regions"});
  EXPECT_THAT(run.out, HasSubstr("1 sidecar would be written"));
  EXPECT_FALSE(said_tags(run.out).empty());
  EXPECT_EQ(contents(), before);
}

TEST_F(TagCommand, WritesWhatIsChosen) {
  const std::string one = *said_tags(tag({"photos", "-n"}).out).begin();
  EXPECT_EQ(said_tags(tag({"photos", "--attributes", one + ",celeba_0"}).out).count(one), 1U);
  // A run makes facet's tags those that are chosen now.
  const CommandResult none = tag({"photos", "-a", one, "--min-probability", "1"});
  EXPECT_THAT(none.out, HasSubstr('-' + one));
  EXPECT_EQ(said_tags(tag({"photos", "--min-probability", "0"}).out).size(), 40U);
  const CommandResult wrong = tag({"photos", "-a", "clebaa_1"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"celeba_1\""));
}

TEST_F(TagCommand, LeavesWhatDigikamWrote) {
  const fs::path sidecar = photos() / "a.png.xmp";
  const std::string one = *said_tags(tag({"photos", "-n"}).out).begin();
  exiftool_write(sidecar,
                 {"-XMP-digiKam:TagsList+=People/Anna", "-XMP-lr:HierarchicalSubject+=People|Anna",
                  "-XMP-dc:Subject+=Anna", "-XMP-dc:Subject+=" + one,
                  "-XMP-MicrosoftPhoto:LastKeywordXMP+=People/Anna", "-XMP-xmp:Rating=4",
                  "-RegionInfo={AppliedToDimensions={W=160,H=120,Unit=pixel},RegionList=[{Area={X="
                  "0.1,Y=0.1,W=0.1,H=0.1,Unit=normalized},Name=Anna,Type=Face}]}"});
  const json before = exiftool_read(sidecar);
  EXPECT_EQ(tag({"photos", "--regions"}).exit_code, 0);
  const json tagged = exiftool_read(sidecar);
  EXPECT_EQ(tagged.at("XMP-xmp:Rating"), 4);
  EXPECT_THAT(strings(tagged.at("XMP-digiKam:TagsList")), Contains("People/Anna"));
  EXPECT_THAT(strings(tagged.at("XMP-digiKam:TagsList")), Contains("facet/" + one));
  const json& regions = tagged.at("XMP-mwg-rs:RegionInfo").at("RegionList");
  ASSERT_EQ(regions.size(), 2U);
  EXPECT_EQ(regions[0].at("Name"), "Anna");
  EXPECT_EQ(tag({"photos", "--remove"}).exit_code, 0);
  EXPECT_EQ(exiftool_read(sidecar), before);
}

TEST_F(TagCommand, LeavesWhatLightroomWrote) {
  const fs::path sidecar = photos() / "a.xmp";  // the photo's name without its type
  exiftool_write(sidecar,
                 {"-XMP-lr:HierarchicalSubject=Trips|Rome", "-XMP-dc:Subject=Trips",
                  "-XMP-dc:Subject=Rome", "-XMP-crs:Exposure2012=0.35", "-XMP-xmp:Label=Red"});
  const json before = exiftool_read(sidecar);
  EXPECT_EQ(tag({"photos"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(photos() / "a.png.xmp"));
  const json tagged = exiftool_read(sidecar);
  EXPECT_THAT(strings(tagged.at("XMP-dc:Subject")), Contains("Rome"));
  EXPECT_GT(strings(tagged.at("XMP-lr:HierarchicalSubject")).size(), 1U);
  EXPECT_EQ(tagged.at("XMP-crs:Exposure2012"), before.at("XMP-crs:Exposure2012"));
  EXPECT_EQ(tag({"photos", "--remove"}).exit_code, 0);
  EXPECT_EQ(exiftool_read(sidecar), before);
}

TEST_F(TagCommand, SaysWhoSharesASidecar) {
  write_blob_photo(photos() / "b.png");
  write_all(photos() / "b.cr2", "no photo");
  EXPECT_EQ(tag({"photos/a.png", "--sidecars", "photo.xmp"}).err, "");
  const CommandResult alone = tag({"photos/b.png", "--sidecars", "photo.xmp"});
  EXPECT_THAT(alone.err,
              HasSubstr("b.xmp: also belongs to b.cr2; it gets the tags of b.png alone"));
  EXPECT_TRUE(fs::exists(photos() / "b.xmp"));
  EXPECT_TRUE(fs::exists(photos() / "a.xmp"));
  fs::remove(photos() / "b.cr2");
  write_flat_photo(photos() / "b.jpg.png");
  fs::rename(photos() / "b.jpg.png", photos() / "b.webp");  // a PNG all the same
  fs::remove(photos() / "b.xmp");
  const CommandResult both = tag({"photos", "--sidecars", "photo.xmp"});
  EXPECT_THAT(both.err, HasSubstr("b.xmp: belongs to b.png and b.webp; it gets the tags of all"));
  EXPECT_THAT(tag({"photos"}).out, HasSubstr("0 sidecars written"));
}

// A blob in a corner, in a photo that a camera stored turned.
TEST_F(TagCommand, WritesRegionsOfThePhotoAsItIsStored) {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const fs::path photo = photos() / ("turned" + std::to_string(orientation) + ".jpg");
    Image stored = testing::flat_photo(160, 120, 60);
    testing::draw_blob(stored, 45, 40, 30);
    const auto bytes = encode_jpeg(stored, 95);
    write_all(photo, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    exiftool_write(photo, {"-n", "-IFD0:Orientation=" + std::to_string(orientation)});
    const std::string original = read_all(photo);
    EXPECT_EQ(tag({photo.string(), "--regions"}).exit_code, 0);
    EXPECT_EQ(read_all(photo), original);
    const json info = exiftool_read(photo.string() + ".xmp").at("XMP-mwg-rs:RegionInfo");
    EXPECT_EQ(info.at("AppliedToDimensions").at("W"), 160);
    EXPECT_EQ(info.at("AppliedToDimensions").at("H"), 120);
    ASSERT_EQ(info.at("RegionList").size(), 1U) << orientation;
    const json& area = info.at("RegionList")[0].at("Area");
    EXPECT_NEAR(area.at("X").get<double>(), 45 / 160.0, 0.03) << orientation;
    EXPECT_NEAR(area.at("Y").get<double>(), 40 / 120.0, 0.03) << orientation;
    EXPECT_EQ(area.at("Unit"), "normalized");
  }
}

TEST_F(TagCommand, TakesNamesFromThePhotoAlong) {
  const fs::path photo = photos() / "a.png";
  exiftool_write(photo, {"-RegionInfo={AppliedToDimensions={W=160,H=120,Unit=pixel},RegionList=[{"
                         "Area={X=0.4375,Y=0.5,W=0.2,H=0.25,Unit=normalized},Name=Anna "
                         "Lee,Type=Face}]}"});
  EXPECT_EQ(tag({"photos", "--regions"}).exit_code, 0);
  const json xmp = exiftool_read(photos() / "a.png.xmp");
  EXPECT_EQ(xmp.at("XMP-mwg-rs:RegionInfo").at("RegionList")[0].at("Name"), "Anna Lee");
}

TEST_F(TagCommand, LeavesBrokenSidecarsAlone) {
  write_blob_photo(photos() / "b.png");
  for (const std::string& broken :
       {std::string(), std::string("hello"), std::string("<html/>"), std::string(4096, '\0')}) {
    write_all(photos() / "a.png.xmp", broken);
    const CommandResult run = tag({"photos"});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(run.err, HasSubstr("a.png.xmp: is no XMP"));
    EXPECT_EQ(read_all(photos() / "a.png.xmp"), broken);
    EXPECT_THAT(run.out, HasSubstr("1 failed"));
  }
  EXPECT_TRUE(fs::exists(photos() / "b.png.xmp"));
  fs::remove(photos() / "a.png.xmp");
  fs::create_directory(photos() / "a.png.xmp");
  EXPECT_THAT(tag({"photos"}).err, HasSubstr("a.png.xmp: is not a file"));
}

TEST_F(TagCommand, NeverWritesThroughALinkToAPhoto) {
  const std::string photo = read_all(photos() / "a.png");
  fs::create_symlink("a.png", photos() / "a.png.xmp");
  EXPECT_EQ(tag({"photos/a.png"}).exit_code, 1);
  EXPECT_EQ(read_all(photos() / "a.png"), photo);
}

TEST_F(TagCommand, KeepsLinksAndPermissions) {
  exiftool_write(folder_ / "elsewhere.xmp", {"-XMP-dc:Subject=Anna"});
  fs::permissions(folder_ / "elsewhere.xmp", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("../elsewhere.xmp", photos() / "a.png.xmp");
  EXPECT_EQ(tag({"photos"}).exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(photos() / "a.png.xmp"));
  EXPECT_EQ(fs::status(folder_ / "elsewhere.xmp").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(strings(exiftool_read(folder_ / "elsewhere.xmp").at("XMP-dc:Subject")),
              Contains("Anna"));
}

TEST_F(TagCommand, SaysWhereItCannotWrite) {
  write_blob_photo(photos() / "b.png");
  fs::create_symlink("/proc/self/nowhere.xmp", photos() / "a.png.xmp");  // not even root can
  const CommandResult run = tag({"photos"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("nowhere.xmp: cannot be written"));
  EXPECT_THAT(run.out, HasSubstr("1 sidecar written, 1 as before, 1 failed"));
  EXPECT_TRUE(fs::exists(photos() / "b.png.xmp"));
}

TEST_F(TagCommand, CleansUpAfterAKilledRun) {
  // As a run leaves it that is killed while it writes.
  write_all(photos() / ".facet-0123456789abcdef-0123abcd.part", "<x:xmp");
  EXPECT_EQ(tag({"photos"}).exit_code, 0);
  for (const auto& [name, bytes] : contents()) EXPECT_THAT(name, Not(HasSubstr(".part")));
}

TEST_F(TagCommand, LeavesWholeSidecarsWhereItIsKilled) {
  for (int i = 0; i < 8; ++i) {
    const fs::path photo = photos() / ("many" + std::to_string(i) + ".png");
    write_blob_photo(photo);
    if (i % 2 == 0) exiftool_write(photo.string() + ".xmp", {"-XMP-dc:Subject=Anna"});
  }
  const std::string command =
      "FACET_MODEL='" + (folder_ / "small.safetensors").string() + "' timeout -s KILL ";
  const std::string rest =
      " '" FACET_COMMAND "' tag '" + photos().string() + "' --regions > /dev/null 2>&1";
  for (int i = 0; i < 12; ++i) {
    (void)std::system((command + "0.0" + std::to_string(3 + i % 6) + rest).c_str());
    for (const auto& [name, bytes] : contents()) {
      if (!name.ends_with(".xmp")) continue;
      EXPECT_THAT(bytes, HasSubstr("</x:xmpmeta>")) << name;
      if (name < "many8" && (name[4] - '0') % 2 == 0 && name.starts_with("many")) {
        EXPECT_THAT(bytes, HasSubstr("<rdf:li>Anna</rdf:li>")) << name;
      }
    }
    if (i == 5) (void)tag({"photos", "--remove"});
  }
  EXPECT_EQ(tag({"photos"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(photos() / "many7.png.xmp"));
}

TEST_F(TagCommand, TakesTagsFromTheIndex) {
  ASSERT_EQ(facet({"index", "photos"}).exit_code, 0);
  const std::set<std::string> tags = said_tags(tag({"photos", "-n"}).out);
  const CommandResult run = tag({"--indexed"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(said_tags(run.out), tags);
  EXPECT_THAT(facet({"index", "photos"}).out, HasSubstr("2 as before"));  // it knows its own doing
  fs::remove(photos() / "a.png.xmp");
  EXPECT_EQ(tag({"photos/a.png", "--db", (folder_ / "index.db").string(), "--regions"}).exit_code,
            0);
  EXPECT_TRUE(exiftool_read(photos() / "a.png.xmp").contains("XMP-mwg-rs:RegionInfo"));
  EXPECT_THAT(tag({"nowhere", "--indexed"}).err, HasSubstr("nowhere: the index knows no photo"));
  EXPECT_EQ(tag({"--db", "none.db"}).exit_code, 2);
  EXPECT_FALSE(fs::exists(folder_ / "none.db"));
  EXPECT_THAT(tag({}).err, HasSubstr("name the photos"));
}

TEST_F(TagCommand, GoesOnWherePhotosCannotBeRead) {
  write_all(photos() / "broken.jpg", "no photo");
  write_all(photos() / "broken.jpg.xmp", "kept");
  const CommandResult run = tag({"photos", "photos/a.png"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("broken.jpg: unreadable"));
  EXPECT_EQ(read_all(photos() / "broken.jpg.xmp"), "kept");
  EXPECT_TRUE(fs::exists(photos() / "a.png.xmp"));
}

}  // namespace
}  // namespace facet::detail
