// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "evaluate/evaluation.hpp"
#include "evaluate/fake_data.hpp"
#include "evaluate/robustness_protocol.hpp"
#include "evaluate/robustness_variants.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

// A photo with something in every place, and a face in it.
ListedPhoto portrait() {
  ListedPhoto photo{Image(120, 100), {{40, 20, 36, 50}}};
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 120; ++x) {
      photo.image.row(y)[x * 3] = static_cast<std::uint8_t>(40 + x + (x * y) % 7);
      photo.image.row(y)[x * 3 + 1] = static_cast<std::uint8_t>(60 + y);
      photo.image.row(y)[x * 3 + 2] = static_cast<std::uint8_t>(30 + (x + y) / 2);
    }
  }
  return photo;
}

TEST(RobustnessVariants, ChangeThePhotoAndKeepItsFaceInside) {
  const ListedPhoto photo = portrait();
  std::set<std::string> seen;
  for (const RobustnessVariant& variant : robustness_variants()) {
    const ListedPhoto hard = make_hard(photo, variant.name, "a.jpg");
    ASSERT_EQ(hard.boxes.size(), 1U) << variant.name;
    const Box& box = hard.boxes.front();
    EXPECT_GE(box.x, 0) << variant.name;
    EXPECT_GE(box.y, 0) << variant.name;
    EXPECT_LE(box.x + box.width, static_cast<float>(hard.image.width)) << variant.name;
    EXPECT_LE(box.y + box.height, static_cast<float>(hard.image.height)) << variant.name;
    EXPECT_TRUE(seen.insert(std::string(hard.image.pixels.begin(), hard.image.pixels.end())).second)
        << variant.name << " repeats another";
    EXPECT_EQ(hard.image.pixels, make_hard(photo, variant.name, "a.jpg").image.pixels);
  }
  EXPECT_EQ(make_hard(photo, robustness_variants().front().name, "a.jpg").image.pixels,
            photo.image.pixels);
}

TEST(RobustnessVariants, SayWhatIsWrongWithTheirInput) {
  EXPECT_THROW(make_hard(portrait(), "on-the-moon", "a.jpg"), Error);
  EXPECT_THROW(make_hard({portrait().image, {}}, "haze", "a.jpg"), Error);
}

TEST(RobustnessVariants, DarkPhotosAreDarkAndUpsideDownOnesAreTurned) {
  const ListedPhoto photo = portrait();
  const ListedPhoto dark = make_hard(photo, "dark-0.25", "a.jpg");
  EXPECT_NEAR(dark.image.row(50)[60 * 3 + 1], photo.image.row(50)[60 * 3 + 1] / 4, 1);
  const ListedPhoto turned = make_hard(photo, "upside-down", "a.jpg");
  EXPECT_EQ(turned.image.row(0)[0], photo.image.row(99)[119 * 3]);
  EXPECT_FLOAT_EQ(turned.boxes[0].x, 120 - 40 - 36);
  EXPECT_FLOAT_EQ(turned.boxes[0].y, 100 - 20 - 50);
}

TEST(RobustnessVariants, HideWhatTheySayAndNothingFarFromTheFace) {
  const ListedPhoto photo = portrait();
  const Box& face = photo.boxes.front();
  const ListedPhoto hidden = make_hard(photo, "left-half-hidden", "a.jpg");
  const auto same = [&](float x, float y) {
    return std::equal(hidden.image.row(static_cast<int>(y)) + static_cast<int>(x) * 3,
                      hidden.image.row(static_cast<int>(y)) + static_cast<int>(x) * 3 + 3,
                      photo.image.row(static_cast<int>(y)) + static_cast<int>(x) * 3);
  };
  EXPECT_FALSE(same(face.centre_x() - 8, face.centre_y()));
  EXPECT_TRUE(same(face.centre_x() + 8, face.centre_y()));
  EXPECT_TRUE(same(5, 5));
}

TEST(RobustnessVariants, ABoxStandsForTheFaceItLiesOn) {
  const Box face{100, 100, 60, 80};
  EXPECT_TRUE(stands_for(face, face));
  EXPECT_TRUE(stands_for({92, 108, 80, 60}, face));      // the same face, lying
  EXPECT_FALSE(stands_for({160, 100, 60, 80}, face));    // beside it
  EXPECT_FALSE(stands_for({120, 130, 18, 24}, face));    // its mouth
  EXPECT_FALSE(stands_for({-20, -20, 300, 320}, face));  // the whole photo
}

TEST(WrongReferenceBoxes, AreLeftOutOfTheSetTheyBelongTo) {
  EvaluationSet set;
  set.name = "frames";
  for (const std::string& name : wrong_reference_boxes("frames")) {
    set.photos.push_back({name, {}, {}, {{0, 0, 9, 9}}, PhotoVariant::whole, {}});
  }
  EXPECT_TRUE(std::is_sorted(wrong_reference_boxes("frames").begin(),
                             wrong_reference_boxes("frames").end()));
  const int wrong = static_cast<int>(set.photos.size());
  ASSERT_GT(wrong, 0);
  set.photos.push_back({"right.jpg", {}, {}, {{0, 0, 9, 9}}, PhotoVariant::whole, {}});
  set.photos.push_back({"without.jpg", {}, {}, {}, PhotoVariant::whole, {}});
  EvaluationSet other = set;
  EXPECT_EQ(keep_listed_faces(set), wrong + 1);
  ASSERT_EQ(set.photos.size(), 1U);
  EXPECT_EQ(set.photos[0].name, "right.jpg");
  other.name = "lfwa";
  EXPECT_EQ(keep_listed_faces(other), 1);
}

TEST(RobustnessProtocol, CountsFacesFoundAndFacesInvented) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  fake::write_scenes(folder);
  for (const char* name : {"chair_01", "lobster_01", "wrench_01"}) {  // the first kind chooses
    fake::write_photo(folder, std::string("objects/") + name + ".png",
                      fake::face_photo(120, 120, 60, 60, 50));
  }
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  options.threads = 2;
  const RobustnessReport report = measure_robustness(RobustnessPhotos::report, options);
  EXPECT_EQ(report.left_out.size(), 1U);  // the frames
  ASSERT_EQ(report.rows.size(), robustness_variants().size());
  const RobustnessRow& unchanged = report.rows.front();
  EXPECT_EQ(unchanged.faces, 3U);
  EXPECT_EQ(unchanged.found, 3U);
  EXPECT_EQ(unchanged.attributes, 9U);
  EXPECT_EQ(unchanged.differing, 0U);
  EXPECT_EQ(unchanged.males, 3U);
  const auto dark = std::find_if(report.rows.begin(), report.rows.end(),
                                 [](const auto& row) { return row.variant.name == "dark-0.25"; });
  EXPECT_EQ(dark->found, 3U);
  ASSERT_EQ(report.alarms.size(), 2U);
  EXPECT_EQ(report.alarms[0].set, "scenes");
  EXPECT_EQ(report.alarms[0].with_face, 0U);
  EXPECT_EQ(report.alarms[1].set, "objects");
  EXPECT_EQ(report.alarms[1].photos, 1U);
  EXPECT_EQ(report.alarms[1].with_face, 1U);
}

TEST(RobustnessProtocol, ChoosesOnOtherPhotosThanItReportsOn) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  const auto faces = [&options](RobustnessPhotos photos) {
    return measure_robustness(photos, options).rows.front().faces;
  };
  EXPECT_EQ(faces(RobustnessPhotos::report),
            lfwa_set(folder.path(), PhotoVariant::whole, 0).photos.size());
  const EvaluationSet training = lfwa_training_set(folder.path(), 0);
  EXPECT_EQ(faces(RobustnessPhotos::validation), training.photos.size());
  for (const EvaluationPhoto& photo : lfwa_set(folder.path(), PhotoVariant::whole, 0).photos) {
    for (const EvaluationPhoto& other : training.photos) EXPECT_NE(photo.name, other.name);
  }
}

TEST(RobustnessProtocol, WritesATableAndAPicture) {
  const fake::Folder folder;
  fake::write_lfwa(folder);
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  options.limit = 1;
  options.out = folder.path() / "results";
  const EvaluationResult result = run_protocol("robustness", options);
  EXPECT_NE(result.text.find("lfw upside-down"), std::string::npos);
  std::ostringstream text;
  text << std::ifstream(*options.out / "robustness.csv").rdbuf();
  EXPECT_NE(text.str().find("\nlfw unchanged,1,100.0,95,0.0,0.0,"), std::string::npos)
      << text.str();
  EXPECT_GT(std::filesystem::file_size(*options.out / "robustness.svg"), 1000U);
}

TEST(RobustnessProtocol, NeedsAtLeastOneSet) {
  const fake::Folder folder;
  EvaluationOptions options;
  options.data = folder.path();
  options.model = fake::tiny_model();
  EXPECT_THROW(run_protocol("robustness", options), Error);
}

}  // namespace
}  // namespace facet::detail
