// SPDX-License-Identifier: Apache-2.0
#include "teach/teach.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"
#include "teach/teach_cross_validation.hpp"
#include "teach/teach_labels.hpp"
#include "teach/teach_report.hpp"

namespace facet::detail {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int patches = 3;
constexpr int features = 4;

// Every `every`-th photo has the attribute, which shifts the first feature by `shift`.
TeachingSet random_set(std::size_t photos, std::size_t every, float shift, unsigned seed = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> noise(0, 1);
  TeachingSet set(patches, features);
  for (std::size_t i = 0; i < photos; ++i) {
    const bool present = i % every == 0;
    std::vector<float> values;
    const float of_photo = noise(engine) + (present ? shift : 0);
    for (int p = 0; p < patches; ++p) {
      values.push_back(of_photo + 0.1F * noise(engine));
      for (int k = 1; k < features; ++k) values.push_back(noise(engine));
    }
    set.add(values, present);
  }
  return set;
}

std::string refusal(const TeachingSet& set) {
  try {
    teach(set);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.what();
  }
  return {};
}

TEST(TeachingSet, KeepsTheMeanOverAllPatches) {
  TeachingSet set(3, 2, 2);
  set.add(std::vector<float>{1, 10, 2, 20, 6, 60}, true);
  EXPECT_THAT(set.mean(0), ElementsAre(3, 30));
  EXPECT_EQ(set.training_rows(0).size(), 4U);
  EXPECT_THROW(set.add(std::vector<float>{1, 2}, true), Error);
}

TEST(Teach, FindsAnAttributeThatTheFeaturesShow) {
  const TeachingResult head = teach(random_set(60, 2, 6));
  EXPECT_GT(head.figures.accuracy, 0.95);
  EXPECT_GT(head.plane.weight[0], 0);
  EXPECT_GT(head.calibration.a, 0);
  EXPECT_EQ(head.figures.photos, 60U);
  EXPECT_EQ(head.figures.positives, 30U);
  EXPECT_DOUBLE_EQ(head.figures.majority, 0.5);
  EXPECT_GT(head.figures.accuracy_error, 0) << "60 photos prove nothing for certain";
}

TEST(Teach, PromisesNothingWhereTheLabelsAreChance) {
  double accuracy = 0;
  double loss = 0;
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    const TeachingFigures figures = teach(random_set(80, 2, 0, seed)).figures;
    accuracy += figures.accuracy / 6;
    loss += figures.log_loss / 6;
  }
  EXPECT_THAT(accuracy, DoubleNear(0.5, 0.08)) << "the photos judged have been learnt";
  EXPECT_GT(loss, 0.67) << "surer than the labels allow";
}

TEST(Teach, EstimatesWhatNewPhotosShow) {
  const TeachingSet set = random_set(300, 3, 2);
  const TeachingResult head = teach(set);
  const TeachingSet others = random_set(3000, 3, 2, 99);
  double right = 0;
  double loss = 0;
  for (std::size_t i = 0; i < others.size(); ++i) {
    double score = head.plane.bias;
    for (std::size_t k = 0; k < features; ++k) score += head.plane.weight[k] * others.mean(i)[k];
    const double probability = head.calibration(static_cast<float>(score));
    right += (probability >= 0.5) == others.present(i) ? 1 : 0;
    loss -= std::log(others.present(i) ? probability : 1 - probability);
  }
  const auto count = static_cast<double>(others.size());
  EXPECT_THAT(head.figures.accuracy, DoubleNear(right / count, 0.06));
  EXPECT_THAT(head.figures.log_loss, DoubleNear(loss / count, 0.06));
  EXPECT_LT(head.figures.balanced, head.figures.accuracy) << "the rarer answer is the harder one";
}

TEST(Teach, ShowsTheLearningCurve) {
  const TeachingFigures figures = teach(random_set(200, 2, 1.5F)).figures;
  ASSERT_EQ(figures.curve.size(), 3U);
  EXPECT_EQ(figures.folds, 10);
  EXPECT_THAT(figures.curve[0].photos, DoubleNear(45, 1));
  EXPECT_THAT(figures.curve[1].photos, DoubleNear(90, 1));
  EXPECT_THAT(figures.curve[2].photos, DoubleNear(180, 1e-9));
  EXPECT_DOUBLE_EQ(figures.curve[2].accuracy, figures.accuracy);
}

TEST(Teach, AnswersTheSameWithAnyNumberOfThreads) {
  const TeachingSet set = random_set(40, 2, 2);
  TeachingSettings settings;
  const TeachingResult one = teach(set, settings);
  settings.threads = 3;
  const TeachingResult many = teach(set, settings);
  EXPECT_EQ(one.plane.weight, many.plane.weight);
  EXPECT_EQ(one.calibration.a, many.calibration.a);
  EXPECT_EQ(one.figures.accuracy, many.figures.accuracy);
  EXPECT_EQ(one.figures.doubling_gain, many.figures.doubling_gain);
}

TEST(Teach, TakesTenPhotosWithTwoOfAKind) {
  EXPECT_EQ(teach(random_set(10, 5, 6)).figures.folds, 2);
}

TEST(Teach, RefusesTooFewPhotosAndOneClassAlone) {
  EXPECT_THAT(refusal(random_set(9, 2, 1)), HasSubstr("9 usable photos"));
  EXPECT_THAT(refusal(random_set(20, 1, 1)), HasSubstr("no usable photo is labelled 0"));
  EXPECT_THAT(refusal(random_set(20, 100, 1)), HasSubstr("only 1 usable photo is labelled 1"));
}

TEST(Folds, SpreadBothClassesEvenly) {
  const TeachingSet set = random_set(47, 4, 1);  // 12 with, 35 without
  const std::vector<int> folds = stratified_folds(set, 5);
  for (int fold = 0; fold < 5; ++fold) {
    std::size_t with = 0;
    std::size_t all = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (folds[i] != fold) continue;
      ++all;
      with += set.present(i) ? 1 : 0;
    }
    EXPECT_THAT(with, ::testing::AllOf(::testing::Ge(2U), ::testing::Le(3U)));
    EXPECT_THAT(all, ::testing::AllOf(::testing::Ge(9U), ::testing::Le(10U)));
  }
}

// `people` with as many photos each. A feature each tells them apart and says nothing of the
// attribute, which every second person has.
TeachingSet set_of_people(int people, int photos_each, bool named) {
  std::mt19937 engine(7);
  std::normal_distribution<float> noise(0, 1);
  TeachingSet set(1, people);
  for (int i = 0; i < people * photos_each; ++i) {
    const int person = i % people;
    std::vector<float> values(static_cast<std::size_t>(people));
    for (float& value : values) value = 0.1F * noise(engine);
    values[static_cast<std::size_t>(person)] += 3;
    set.add(values, person % 2 == 0, named ? std::optional(person) : std::nullopt);
  }
  return set;
}

TEST(Teach, DoesNotTakeRecognisedPeopleForARecognisedAttribute) {
  const TeachingFigures by_photo = teach(set_of_people(16, 6, false)).figures;
  EXPECT_GT(by_photo.accuracy, 0.95) << "people are recognised here, or the test shows nothing";
  EXPECT_EQ(by_photo.people, 0U);
  const TeachingFigures by_person = teach(set_of_people(16, 6, true)).figures;
  EXPECT_LT(by_person.accuracy, 0.7);
  EXPECT_EQ(by_person.people, 16U);
  EXPECT_EQ(by_person.folds, 8) << "no more than people of a kind";
}

TEST(Teach, CountsPeopleNotPhotosInTheStandardError) {
  // A photo each of sixty people, and nine copies of it: nothing is known better.
  std::mt19937 engine(3);
  std::normal_distribution<float> noise(0, 1);
  TeachingSet once(1, 2);
  TeachingSet copied(1, 2);
  for (int person = 0; person < 60; ++person) {
    const bool present = person % 2 == 0;
    const std::vector<float> values = {noise(engine) + (present ? 1.0F : 0.0F), noise(engine)};
    once.add(values, present);
    for (int copy = 0; copy < 9; ++copy) copied.add(values, present, person);
  }
  const double error_once = teach(once).figures.accuracy_error;
  EXPECT_THAT(teach(copied).figures.accuracy_error, DoubleNear(error_once, 0.25 * error_once));
}

TEST(Teach, IsNotCertainOfFewPeopleHoweverManyPhotosAreAnsweredRight) {
  TeachingSet once(1, 1);
  TeachingSet copied(1, 1);
  for (int person = 0; person < 12; ++person) {
    const bool present = person % 2 == 0;
    const std::vector<float> values = {present ? 5.0F : -5.0F};
    once.add(values, present);
    for (int copy = 0; copy < 40; ++copy) copied.add(values, present, person);
  }
  const TeachingFigures of_copies = teach(copied).figures;
  EXPECT_EQ(of_copies.accuracy, 1);
  EXPECT_NEAR(of_copies.accuracy_error, teach(once).figures.accuracy_error, 1e-9);
  // 13 right of 14, as if each person were one photo.
  EXPECT_NEAR(of_copies.accuracy_error, std::sqrt(13.0 / 14 / 14 / 12), 1e-9);
}

TEST(Teach, RefusesPhotosOfAKindThatAreAllOfOnePerson) {
  TeachingSet set(1, 2);
  for (int i = 0; i < 30; ++i) {
    const bool present = i % 3 == 0;
    set.add(std::vector<float>{present ? 1.0F : 0.0F, 0.1F * static_cast<float>(i)}, present,
            present ? 0 : i);
  }
  EXPECT_THAT(refusal(set), HasSubstr("labelled 1 are all of one person"));
}

TEST(Folds, KeepThePhotosOfAPersonTogetherAndBothClassesOutside) {
  // By evenness alone the third person would join the second, and with them all photos without.
  TeachingSet set(1, 1);
  const auto add = [&](int count, bool present, int person) {
    for (int i = 0; i < count; ++i) set.add(std::vector<float>{0}, present, person);
  };
  add(200, true, 1);
  add(30, true, 2);
  add(100, false, 2);
  add(20, true, 3);
  add(1, false, 3);
  const std::vector<int> folds = stratified_folds(set, 2);
  for (int fold = 0; fold < 2; ++fold) {
    std::size_t outside[2] = {0, 0};
    for (std::size_t i = 0; i < set.size(); ++i) {
      EXPECT_EQ(folds[i], folds[set.first_of_person(i)]);
      if (folds[i] != fold) ++outside[set.present(i) ? 1 : 0];
    }
    EXPECT_GT(outside[0], 0U);
    EXPECT_GT(outside[1], 0U);
  }
}

TEST(TeachingText, SaysWhatWasLeftOutAndWhy) {
  TeachingFigures figures;
  figures.photos = 80;
  figures.positives = 30;
  figures.accuracy = 0.9;
  figures.majority = 0.625;
  figures.accuracy_error = 0.034;
  figures.curve = {{18, 0.7}, {36, 0.8}, {72, 0.9}};
  TeachingRemarks remarks;
  remarks.faceless = 3;
  remarks.unreadable = 2;
  remarks.unlabelled = 5;
  remarks.unknown = {{"gone.jpg", true, 7}, {"lost.jpg", true, 9}};
  remarks.repeated = {11};
  const std::string text = teaching_text("Glasses", "paper 1", figures, remarks);
  for (const char* part :
       {"80 (30 with, 50 without)", "3 without a face", "2 unreadable", "5 without a label",
        "2 labelled but not found (the first: \"gone.jpg\", line 7)", "the first: line 11",
        "90.0 % ± 3.4", "majority answer     62.5 %", "18       36       72",
        "70.0 %   80.0 %   90.0 %"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(teaching_text("Glasses", "paper 1", figures, {}), Not(HasSubstr("left out")));
  EXPECT_THAT(text, Not(HasSubstr("people")));
  figures.people = 40;
  EXPECT_THAT(teaching_text("Glasses", "paper 1", figures, {}),
              HasSubstr("cross-validated by person, 40 people"));
}

TEST(MorePhotos, PromiseWhatTheLastOnesBrought) {
  TeachingFigures figures;
  figures.photos = 100;
  figures.accuracy = 0.9;
  figures.majority = 0.6;
  figures.accuracy_error = 0.03;
  figures.doubling_gain = 0.04;
  figures.doubling_error = 0.01;
  EXPECT_THAT(what_more_photos_bring(figures),
              HasSubstr("to 200, would probably bring 2.0 to 4.0"));
  figures.people = 20;
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("doubling of the people"));
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("to 40, would probably"));
  figures.people = 0;
  figures.accuracy = 0.99;
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("0.5 to 1.0 points"))
      << "100 % is the end";
  figures.doubling_gain = 0.005;
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("more photos of this kind"));
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("no difference"));
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("surer; 400 would halve"));
  figures.people = 30;
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("more people of this kind"));
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("surer; 120 would halve"));
  figures.people = 0;
  figures.accuracy = 0.6;
  EXPECT_THAT(what_more_photos_bring(figures), HasSubstr("hardly better than always"));
}

class Labels : public ::testing::Test {
 protected:
  LabelList read(const std::string& text) {
    write_all(file_, text);
    return read_label_list(file_);
  }
  // What is said of a list that cannot be used.
  std::string fault(const std::string& text) {
    write_all(file_, text);
    return fault_of([&] { read_label_list(file_); });
  }
  static std::string fault_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.what();
    }
    return {};
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "labels.csv";
};

TEST_F(Labels, UnderstandHeadersCommentsAndLineEnds) {
  const LabelList list = read(
      "\xEF\xBB\xBFpath,label\r\n# by hand\r\n\r\na.jpg,1\r\n b c.jpg , 0\r\n\"d, e.jpg\",-1\n"
      "f,g.jpg,1\n\"h \"\"i\"\".jpg\",1");
  ASSERT_EQ(list.rows.size(), 5U);
  EXPECT_EQ(list.rows[0].path, "a.jpg");
  EXPECT_TRUE(list.rows[0].present);
  EXPECT_EQ(list.rows[0].line, 4);
  EXPECT_EQ(list.rows[1].path, "b c.jpg");
  EXPECT_FALSE(list.rows[1].present);
  EXPECT_EQ(list.rows[2].path, "d, e.jpg");
  EXPECT_FALSE(list.rows[2].present);
  EXPECT_EQ(list.rows[3].path, "f,g.jpg");
  EXPECT_EQ(list.rows[4].path, "h \"i\".jpg");
  EXPECT_TRUE(list.mixes_signs);
  EXPECT_FALSE(read("a.jpg,1\nb.jpg,0\n").mixes_signs);
}

TEST_F(Labels, NameTheLineAndTheValueThatIsWrong) {
  EXPECT_THAT(fault("a.jpg,1\nb.jpg,2\n"), HasSubstr("labels.csv:2: label \"2\" of \"b.jpg\""));
  EXPECT_THAT(fault("a.jpg,yes\nb.jpg,1\n"), HasSubstr("labels.csv:1: label \"yes\""));
  EXPECT_THAT(fault("a,2\n"), HasSubstr("labels.csv:1: label \"2\""));
  EXPECT_THAT(fault("path,label\npath,label\n"), HasSubstr("labels.csv:2"));
  EXPECT_THAT(fault("a.jpg,1\nb.jpg\n"), HasSubstr("labels.csv:2: no label"));
  EXPECT_THAT(fault("a.jpg,1\n,0\n"), HasSubstr("labels.csv:2: no path"));
  EXPECT_THAT(fault("path,label\n"), HasSubstr("no line labels a photo"));
  EXPECT_THAT(fault(""), HasSubstr("no line labels a photo"));
  EXPECT_THAT(fault(std::string("\x00\xFF,\x01\n", 5)), HasSubstr("labels.csv:1"));
}

TEST_F(Labels, MissingFilesAndFoldersAreNamed) {
  EXPECT_THAT(fault_of([&] { read_label_list(folder_ / "none.csv"); }),
              HasSubstr("none.csv: no such file"));
  EXPECT_THAT(fault_of([&] { read_label_list(folder_.path()); }), HasSubstr("is a folder"));
}

TEST_F(Labels, RepeatedLinesCountOnceUnlessTheyDisagree) {
  const LabelList list = read("a.jpg,1\nb.jpg,0\na.jpg,1\n");
  EXPECT_EQ(list.rows.size(), 2U);
  EXPECT_THAT(list.repeated, ElementsAre(3));
  EXPECT_THAT(fault("a.jpg,1\nb.jpg,0\na.jpg,0\n"),
              HasSubstr("labels.csv:3: \"a.jpg\" is labelled 0, but line 1 says 1"));
}

TEST_F(Labels, MatchPathsAsShownAndFileNamesThatAreUnique) {
  const std::vector<PhotoName> photos = {
      {"a.jpg", "photos/a.jpg"},     {"s/b.jpg", "photos/s/b.jpg"}, {"t/b.jpg", "photos/t/b.jpg"},
      {"t/c.jpg", "photos/t/c.jpg"}, {"./d.jpg", "./d.jpg"},        {"e.jpg", "photos/e.jpg"}};
  const MatchedLabels matched = match_labels(
      read("photos/a.jpg,1\ns/b.jpg,1\nb.jpg,1\nc.jpg,0\nd.jpg,1\nx/e.jpg,1\ngone.jpg,0\n"),
      photos);
  EXPECT_THAT(matched.present, ElementsAre(true, true, std::nullopt, false, true, std::nullopt));
  ASSERT_EQ(matched.ambiguous.size(), 1U);
  EXPECT_EQ(matched.ambiguous[0].line, 3);
  ASSERT_EQ(matched.unknown.size(), 2U);
  EXPECT_EQ(matched.unknown[0].path, "x/e.jpg");
  EXPECT_EQ(matched.unknown[1].line, 7);
  EXPECT_EQ(matched.unlisted, 2U);
}

TEST_F(Labels, TwoSpellingsOfOnePhotoMustAgree) {
  const std::vector<PhotoName> photos = {{"s/b.jpg", "photos/s/b.jpg"}};
  EXPECT_THAT(match_labels(read("b.jpg,1\ns/b.jpg,1\n"), photos).repeated, ElementsAre(2));
  const LabelList list = read("b.jpg,1\ns/b.jpg,0\n");
  EXPECT_THAT(fault_of([&] { match_labels(list, photos); }),
              HasSubstr("labels.csv:2: \"s/b.jpg\" is labelled 0, but line 1 says 1 of \"b.jpg\""));
}

TEST_F(Labels, APhotoThatIsListedTwiceCountsOnce) {
  const std::vector<PhotoName> photos = {
      {"a.jpg", "photos/a.jpg"}, {"b.jpg", "photos/b.jpg"}, {"./photos/b.jpg", "./photos/b.jpg"}};
  const MatchedLabels matched = match_labels(read("photos/a.jpg,1\nphotos/b.jpg,0\n"), photos);
  EXPECT_THAT(matched.present, ElementsAre(true, false, std::nullopt));
  EXPECT_THAT(matched.ambiguous, IsEmpty());
  EXPECT_EQ(matched.unlisted, 0U);
  const std::vector<PhotoName> twice = {{"b.jpg", "p/b.jpg"}, {"b.jpg", "./p/b.jpg"}};
  EXPECT_THAT(match_labels(read("b.jpg,1\n"), twice).present, ElementsAre(true, std::nullopt));
  EXPECT_THAT(match_labels(read("p/b.jpg,1\n"), twice).ambiguous, IsEmpty());
}

}  // namespace
}  // namespace facet::detail
