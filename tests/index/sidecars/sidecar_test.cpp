// SPDX-License-Identifier: Apache-2.0
// What is read from XMP and written to it, damaged files included.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "facet/error.hpp"
#include "index/sidecars/embedded_xmp.hpp"
#include "index/sidecars/face_regions.hpp"
#include "index/sidecars/region_reader.hpp"
#include "index/sidecars/sidecar_name.hpp"
#include "index/sidecars/tags.hpp"
#include "index/sidecars/xmp_names.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using namespace std::string_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// As digiKam writes it, with regions of the Metadata Working Group and of Microsoft.
const std::string kSidecar = R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:own="http://example.org/own/"
 xmlns:MP="http://ns.microsoft.com/photo/1.2/"
 xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
 xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" xmp:Rating="4" own:Note="keep">
<dc:subject><rdf:Bag><rdf:li>Anna</rdf:li><rdf:li>Young</rdf:li></rdf:Bag></dc:subject>
<digiKam:TagsList><rdf:Seq><rdf:li>People/Anna</rdf:li></rdf:Seq></digiKam:TagsList>
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Anna Lee</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>
<mwg-rs:Area stArea:x="0.25" stArea:y="0.4" stArea:w="0.1" stArea:h="0.2" stArea:unit="normalized"/>
</rdf:li>
<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Rex</mwg-rs:Name><mwg-rs:Type>Pet</mwg-rs:Type>
<mwg-rs:Area stArea:x="0.5" stArea:y="0.5" stArea:w="0.1" stArea:h="0.1"/></rdf:li>
<rdf:li rdf:parseType="Resource"><mwg-rs:Type>Face</mwg-rs:Type>
<mwg-rs:Area stArea:x="0.75" stArea:y="0.5" stArea:w="0.1" stArea:h="0.1"/></rdf:li>
</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>
<rdf:li MPReg:PersonDisplayName="Anna Lee" MPReg:Rectangle="0.2, 0.3, 0.1, 0.2"/>
<rdf:li MPReg:PersonDisplayName="Bob" MPReg:Rectangle="0.6, 0.1, 0.2, 0.4"/>
<rdf:li MPReg:PersonDisplayName="Cleo"/>
</rdf:Bag></MPRI:Regions></MP:RegionInfo>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>)";

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

class WithExempi : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      (void)XmpPacket();
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }
};
using Tags = WithExempi;
using FaceRegions = WithExempi;
using DamagedXmp = WithExempi;

TEST_F(Tags, StandInThreeListsBesideThoseOfOthers) {
  XmpPacket packet(kSidecar);
  const TagChange change = set_tags(packet, {"Smiling", "Young"});
  EXPECT_THAT(change.added, ElementsAre("Smiling", "Young"));
  EXPECT_THAT(packet.items(Xmp::dublin_core, "dc:subject"),
              ElementsAre("Anna", "Young", "Smiling"));
  EXPECT_THAT(packet.items(Xmp::digikam, "digiKam:TagsList"),
              ElementsAre("People/Anna", "facet/Smiling", "facet/Young"));
  EXPECT_THAT(packet.items(Xmp::lightroom, "lr:hierarchicalSubject"),
              ElementsAre("facet|Smiling", "facet|Young"));
  const XmpPacket again(packet.text());
  EXPECT_EQ(again.value("http://example.org/own/", "own:Note"), "keep");
}

TEST_F(Tags, GoWithoutWhatWasThereBefore) {
  XmpPacket packet(kSidecar);
  set_tags(packet, {"Smiling", "Young"});
  packet = XmpPacket(packet.text());
  EXPECT_THAT(set_tags(packet, {"Young"}).removed, ElementsAre("Smiling"));
  EXPECT_FALSE(set_tags(packet, {"Young"}).any());
  EXPECT_THAT(set_tags(packet, {}).removed, ElementsAre("Young"));
  EXPECT_EQ(packet.text(), XmpPacket(kSidecar).text());
}

TEST_F(Tags, GoFromWhereDigikamRepeatsThem) {
  XmpPacket packet;
  set_tags(packet, {"Smiling"});
  packet.append(Xmp::microsoft_photo, "MicrosoftPhoto:LastKeywordXMP", "facet/Smiling", false);
  packet.append(Xmp::media_pro, "mediapro:CatalogSets", "facet|Smiling", false);
  set_tags(packet, {});
  EXPECT_TRUE(packet.empty_but_for(Xmp::facet)) << packet.text();
}

TEST_F(FaceRegions, AreReadWithTheirNames) {
  const auto regions = read_face_regions(XmpPacket(kSidecar), 1);
  ASSERT_EQ(regions.size(), 3U);
  EXPECT_EQ(regions[0], (NamedRegion{"Anna Lee", 0.25, 0.4, 0.1, 0.2}));
  EXPECT_EQ(regions[1].name, "Bob");
  EXPECT_NEAR(regions[1].x, 0.7, 1e-9);
  EXPECT_NEAR(regions[1].y, 0.3, 1e-9);
  EXPECT_EQ(regions[2], (NamedRegion{"Cleo", 0, 0, 0, 0}));
}

TEST_F(FaceRegions, TurnWithThePhotoAndBack) {
  const NamedRegion stored{"", 0.1, 0.2, 0.05, 0.08};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const NamedRegion upright = upright_region(stored, orientation);
    const NamedRegion back = stored_region(upright, orientation);
    EXPECT_NEAR(back.x, stored.x, 1e-12) << orientation;
    EXPECT_NEAR(back.y, stored.y, 1e-12) << orientation;
    EXPECT_EQ(back.width, stored.width);
    EXPECT_EQ(upright.width, orientation >= 5 ? stored.height : stored.width);
  }
  // EXIF's 6: the photo is turned clockwise to be upright, so its left edge is on top.
  EXPECT_NEAR(upright_region(stored, 6).y, stored.x, 1e-12);
  EXPECT_NEAR(upright_region(stored, 6).x, 1 - stored.y, 1e-12);
}

TEST_F(FaceRegions, StandBesideThoseOfOthersAndGoAlone) {
  XmpPacket packet(kSidecar);
  const std::vector<NamedRegion> faces = {{"", 0.25, 0.41, 0.1, 0.2}, {"", 0.5, 0.8, 0.1, 0.1}};
  const RegionFrame frame{1, 400, 300};
  EXPECT_TRUE(set_face_regions(packet, faces, frame));  // the first one is Anna's
  EXPECT_EQ(packet.value(Xmp::regions, "mwg-rs:Regions/mwg-rs:RegionList[4]/mwg-rs:Type"), "Face");
  EXPECT_FALSE(packet.value(Xmp::regions, "mwg-rs:Regions/mwg-rs:RegionList[5]"));
  EXPECT_FALSE(set_face_regions(packet, faces, frame));
  EXPECT_EQ(read_face_regions(packet, 1).size(), 3U);
  EXPECT_TRUE(remove_face_regions(packet));
  EXPECT_EQ(packet.text(), XmpPacket(kSidecar).text());
}

TEST_F(FaceRegions, StayWhereSomebodyNamedThem) {
  XmpPacket packet;
  const std::vector<NamedRegion> faces = {{"Anna", 0.2, 0.4, 0.1, 0.2}, {"", 0.5, 0.8, 0.1, 0.1}};
  set_face_regions(packet, faces, {1, 400, 300});
  packet.set_value(Xmp::regions, "mwg-rs:Regions/mwg-rs:RegionList[2]/mwg-rs:Name", "Bob");
  EXPECT_TRUE(remove_face_regions(packet));
  const auto left = read_face_regions(packet, 1);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].name, "Bob");
}

TEST_F(FaceRegions, AreFoundInsidePhotos) {
  const std::string photo = "\xFF\xD8 anything <x:xmpmeta cut " + kSidecar + "more";
  EXPECT_EQ(embedded_regions(bytes_of(kSidecar)).size(), 3U);
  const std::string two = "RIFF" + XmpPacket().text() + kSidecar;
  EXPECT_EQ(embedded_regions(bytes_of(two)).size(), 3U);
  EXPECT_THAT(embedded_regions(bytes_of("no XMP at all"s)), IsEmpty());
  EXPECT_THAT(find_xmp(bytes_of("<x:xmpmeta without end"s)), IsEmpty());
}

// Adobe's way for more than a segment holds.
TEST_F(FaceRegions, AreFoundInExtendedXmp) {
  const std::string mark = "http://ns.adobe.com/xmp/extension/\0"s + std::string(32, 'A');
  const auto number = [](std::size_t value, int count) {
    std::string text;
    for (int i = count - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFFU);
    return text;
  };
  const std::size_t half = kSidecar.size() / 2;
  const auto segment = [&](std::size_t first, std::size_t count) {
    const std::string body =
        mark + number(kSidecar.size(), 4) + number(first, 4) + kSidecar.substr(first, count);
    return "\xFF\xE1" + number(body.size() + 2, 2) + body;
  };
  const std::string photo =
      "\xFF\xD8" + segment(half, kSidecar.size()) + segment(0, half) + "\xFF\xD9";
  EXPECT_EQ(embedded_regions(bytes_of(photo)).size(), 3U);
  const std::string part = "\xFF\xD8" + segment(half, kSidecar.size()) + "\xFF\xD9";
  EXPECT_THAT(embedded_regions(bytes_of(part)), IsEmpty());
}

std::string refusal(const std::string& text) {
  try {
    (void)XmpPacket(text);
    return "none";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_F(DamagedXmp, IsRefused) {
  EXPECT_THAT(refusal(""), HasSubstr("no XML"));
  EXPECT_THAT(refusal("hello"), HasSubstr("no XML"));
  EXPECT_THAT(refusal(kSidecar.substr(0, kSidecar.size() / 2)), HasSubstr("damaged"));
  EXPECT_THAT(refusal("<html><body/></html>"), HasSubstr("no RDF"));
  EXPECT_THAT(refusal("<!DOCTYPE a [<!ENTITY b 'c'>]>" + kSidecar.substr(kSidecar.find("<x:"))),
              HasSubstr("document type"));
  const std::string rdf = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>";
  EXPECT_EQ(refusal(rdf), "none");
  EXPECT_THAT(refusal("<a>" + rdf + rdf + "</a>"), HasSubstr("twice"));
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_THAT(refusal(deep), HasSubstr("deep"));
}

// Whatever a file holds: it is refused, or read, and what is written can be read again.
TEST_F(DamagedXmp, DoesNoHarm) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
  };
  const std::vector<std::string> pieces = {"<rdf:li>", "</rdf:Bag>", "rdf:parseType=\"Resource\"",
                                           "&#65;",    "<![CDATA[",  "0.5",
                                           "-1e308",   "nan",        "[1]",
                                           "mwg-rs:",  "<rdf:Seq/>", "\xFF",
                                           "\0"s,      " "};
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = kSidecar;
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text.erase(at, 1 + below(40));
          break;
        case 2:
          text.insert(at, pieces[below(pieces.size())]);
          break;
        default:
          text.insert(at, text.substr(below(text.size()), below(200)));
      }
      if (text.empty()) break;
    }
    (void)find_xmp(bytes_of(text));
    try {
      XmpPacket packet(text);
      const auto regions = read_face_regions(packet, 1 + static_cast<int>(below(8)));
      set_tags(packet, {"Smiling"});
      set_face_regions(packet, regions, {6, 400, 300});
      const XmpPacket again(packet.text());
      EXPECT_THAT(again.items(Xmp::digikam, "digiKam:TagsList"), Contains("facet/Smiling"));
      ++read;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unreadable) << error.what();
    }
  }
  EXPECT_GT(read, 50);
}

TEST(SidecarNames, AreTwoHabits) {
  EXPECT_EQ(sidecar_name("a.jpg", SidecarHabit::whole_name), "a.jpg.xmp");
  EXPECT_EQ(sidecar_name("a.jpg", SidecarHabit::without_type), "a.xmp");
  EXPECT_EQ(sidecar_name(".jpg", SidecarHabit::without_type), ".jpg.xmp");
  EXPECT_THAT(sidecar_names("a.jpg"), ElementsAre("a.jpg.xmp", "a.jpg.XMP", "a.xmp", "a.XMP"));
  EXPECT_TRUE(belongs_to_several("a.xmp", "a.jpg"));
  EXPECT_FALSE(belongs_to_several("a.jpg.XMP", "a.jpg"));
}

}  // namespace
}  // namespace facet::detail
