// SPDX-License-Identifier: Apache-2.0
// What labelling programs write, read and brought into an index.
#include "index/labels/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "facet/error.hpp"
#include "index/index_builder.hpp"
#include "index/labels/face_labels.hpp"
#include "index/labels/label_writer.hpp"
#include "index/labels/take_answers.hpp"
#include "index/run/indexed_photos.hpp"
#include "index/search/face_id.hpp"
#include "index/search/search.hpp"
#include "index/store/open_index.hpp"
#include "index/test_database.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two photos: one with two faces, one with one.
class Labels : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = open_or_make_index(place_.location());
    builder_.emplace(*database_);
    builder_->add("/p/a.jpg", {{{"Smiling", 0.9F}, {"Male", 0.1F}, {"Young", 0.55F}},
                               {{"Smiling", 0.2F}, {"Young", 0.9F}}});
    builder_->add("/p/below/b.jpg", {{{"Smiling", 0.45F}, {"Male", 1}}});
  }

  using MakeWriter = std::unique_ptr<LabelWriter> (*)(std::ostream&, const LabelFormat&);
  std::string exported(MakeWriter make, const std::vector<std::string>& attributes = {},
                       std::size_t uncertain = 0) {
    const SqlReading reading(*database_);
    LabelReader labels(*database_, attributes);
    LabelFormat format;
    format.names = labels.names();
    format.model = "test 1";
    format.asked = !attributes.empty();
    std::ostringstream out;
    const auto writer = make(out, format);
    const auto photos = indexed_photos(*database_, {});
    if (uncertain > 0) {
      for (const auto& photo : labels.most_uncertain(photos, uncertain)) writer->add(photo);
    } else {
      for (const auto& photo : photos) writer->add(labels.read(photo));
    }
    writer->finish();
    return out.str();
  }

  TakenAnswers take(const std::string& text, bool reviewed = false) {
    write_all(folder_ / "answers", text);
    TakeOptions options;
    options.reviewed = reviewed;
    options.warn = [&](const std::string& line) { warnings_.push_back(line); };
    return take_answers(*database_, read_answers(folder_ / "answers"), options);
  }
  std::string complaint(const std::string& text) {
    try {
      take(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }

  // "a.jpg:1 +Smiling -Male": what people said of each face.
  std::vector<std::string> said() {
    const SqlReading reading(*database_);
    LabelReader labels(*database_, {});
    std::vector<std::string> lines;
    for (const PhotoRow& row : indexed_photos(*database_, {})) {
      for (const LabelledFace& face : labels.read(row).faces) {
        std::string line = row.name + ':' + std::to_string(face.number);
        for (std::size_t i = 0; i < labels.names().size(); ++i) {
          if (!face.labels[i].said) continue;
          line += (*face.labels[i].said ? " +" : " -") + labels.names()[i];
        }
        if (line.find(' ') != std::string::npos) lines.push_back(line);
      }
    }
    return lines;
  }

  TestDatabase place_;
  TemporaryFolder folder_;
  std::unique_ptr<SqlDatabase> database_;
  std::optional<IndexBuilder> builder_;
  std::vector<std::string> warnings_;
};

TEST_F(Labels, KeepPredictionsAndWhatPeopleSaidApart) {
  take("face,attribute,said\n" + face_id_text(IndexBuilder::content(1), 1) + ",Smiling,0\n");
  std::istringstream lines(exported(jsonl_labels));
  std::string line;
  std::getline(lines, line);
  const json photo = json::parse(line);
  EXPECT_EQ(photo["path"], "/p/a.jpg");
  EXPECT_NEAR(photo["faces"][0]["predicted"]["Smiling"].get<double>(), 0.9, 0.01);
  EXPECT_EQ(photo["faces"][0]["said"], json({{"Smiling", false}}));
  EXPECT_EQ(photo["faces"][1]["said"], json::object());
  const json coco = json::parse(exported(coco_labels));
  EXPECT_EQ(coco["annotations"][0]["attributes"]["Smiling"], false);
  EXPECT_EQ(coco["annotations"][0]["facet"]["said"]["Smiling"], false);
  EXPECT_NEAR(coco["annotations"][0]["facet"]["probabilities"]["Smiling"].get<double>(), 0.9, 0.01);
  EXPECT_EQ(coco["images"].size(), 2U);
  EXPECT_EQ(coco["annotations"][2]["image_id"], 2);
  EXPECT_NEAR(coco["annotations"][0]["bbox"][0].get<double>(), 800 * 4000 / 65535.0, 0.1);
}

TEST_F(Labels, OfTheMostUncertainFacesComeFirst) {
  const auto order = [&](const std::string& attribute) {
    std::vector<std::string> ids;
    std::istringstream lines(exported(jsonl_labels, {attribute}, 2));
    for (std::string line; std::getline(lines, line);) {
      const json photo = json::parse(line);
      for (const json& face : photo["faces"]) ids.push_back(face["id"]);
    }
    return ids;
  };
  const std::string a1 = face_id_text(IndexBuilder::content(1), 1);
  const std::string a2 = face_id_text(IndexBuilder::content(1), 2);
  const std::string b1 = face_id_text(IndexBuilder::content(2), 1);
  EXPECT_THAT(order("smiling"), ElementsAre(b1, a2));
  EXPECT_THAT(order("young"), ElementsAre(a1, a2));
  take("face,attribute,said\n" + b1 + ",Smiling,1\n");
  EXPECT_THAT(order("smiling"), ElementsAre(a2, a1));  // nobody is asked twice
}

TEST_F(Labels, ComeBackFromTheirOwnForms) {
  // Nobody changed anything: nothing is said, unless somebody looked at all of it.
  EXPECT_EQ(take(exported(coco_labels)).said, 0U);
  EXPECT_EQ(take(exported(jsonl_labels)).said, 0U);
  EXPECT_EQ(take(exported(csv_labels)).said, 0U);
  EXPECT_THAT(said(), IsEmpty());
  json coco = json::parse(exported(coco_labels));
  coco["annotations"][1]["attributes"]["Smiling"] = true;
  const TakenAnswers taken = take(coco.dump());
  EXPECT_EQ(taken.said, 1U);
  EXPECT_EQ(taken.passed_over, 8U);
  EXPECT_THAT(said(), ElementsAre("a.jpg:2 +Smiling"));
  EXPECT_EQ(take(coco.dump()).as_before, 1U);
  EXPECT_EQ(take(coco.dump(), true).said, 8U);
  EXPECT_EQ(said().size(), 3U);
}

TEST_F(Labels, ComeBackFromLabelStudio) {
  json tasks = json::parse(exported(label_studio_labels, {"Smiling", "Young"}));
  // As its export adds them: somebody gave the first face other choices, moved the second a little,
  // cleared its choices, and skipped the other photo.
  json& first = tasks[0];
  json result = first["predictions"][0]["result"];
  for (json& entry : result) {
    if (entry["id"] == "face1" && entry["type"] == "choices") entry["value"]["choices"] = {"Young"};
    if (entry["id"] == "face2" && entry["type"] == "choices") entry["value"].erase("choices");
    if (entry["id"] == "face2") entry["value"]["x"] = entry["value"]["x"].get<double>() + 0.5;
  }
  first["annotations"] = json::array({{{"result", result}, {"was_cancelled", false}}});
  tasks[1]["annotations"] =
      json::array({{{"result", tasks[1]["predictions"][0]["result"]}, {"was_cancelled", true}}});
  EXPECT_EQ(take(tasks.dump()).said, 4U);
  EXPECT_THAT(said(), ElementsAre("a.jpg:1 -Smiling +Young", "a.jpg:2 -Smiling -Young"));
}

TEST_F(Labels, OfAllAttributesCountFromLabelStudioWhereTheyWereChanged) {
  json tasks = json::parse(exported(label_studio_labels));
  json result = tasks[0]["predictions"][0]["result"];
  for (json& entry : result) {
    if (entry["id"] == "face2" && entry["type"] == "choices") {
      entry["value"]["choices"] = {"Young", "Male"};
    }
  }
  tasks[0]["annotations"] = json::array({{{"result", result}}});
  EXPECT_EQ(take(tasks.dump()).said, 1U);
  EXPECT_THAT(said(), ElementsAre("a.jpg:2 +Male"));
}

TEST_F(Labels, AreReadAsOtherProgramsWriteThem) {
  // CVAT's COCO: the name of the photo alone, and attributes of its own.
  const json coco = {
      {"images", {{{"id", 7}, {"file_name", "b.jpg"}, {"width", 1600}, {"height", 1200}}}},
      {"annotations",
       {{{"image_id", 7},
         {"bbox", {1600 * 4000 / 65535.0, 1200 * 10000 / 65535.0, 1600 * 3000 / 65535.0, 92}},
         {"attributes", {{"occluded", false}, {"Smiling", true}, {"Male", true}, {"age", 7}}}}}}};
  EXPECT_EQ(take(coco.dump()).said, 1U);  // that he is a man was known
  EXPECT_THAT(said(), ElementsAre("b.jpg:1 +Smiling"));
  EXPECT_EQ(take("photo,attribute,present\nb.jpg,smiling,no\n").said, 1U);
  EXPECT_THAT(said(), ElementsAre("b.jpg:1 -Smiling"));
  take(R"({"path":"/p/below/b.jpg","said":{"Smiling":null,"Young":1}})");
  EXPECT_THAT(said(), ElementsAre("b.jpg:1 +Young"));
}

TEST_F(Labels, WinInSearchAndStayWithTheContent) {
  builder_->add("/p/c.jpg", {{{"Smiling", 0.1F}}});
  take("photo,attribute,said\nc.jpg,Smiling,1\n");
  Searcher searcher(*database_);
  const auto names = [&] {
    std::vector<std::string> found;
    for (const auto& one : searcher.search(parse_query("smiling")).certain) {
      found.push_back(one.photo.name);
    }
    return found;
  };
  EXPECT_THAT(names(), ElementsAre("c.jpg", "a.jpg"));
  take("photo,attribute,said\nc.jpg,Smiling,0\n");
  EXPECT_THAT(names(), ElementsAre("a.jpg"));
  EXPECT_EQ(VerdictTable(*database_).all().size(), 1U);  // the last word
}

TEST_F(Labels, OfPlacesWithoutAFaceWaitForOne) {
  const TakenAnswers taken = take(R"({"path":"/p/a.jpg","width":800,"height":600,"faces":[
               {"box":{"x":600,"y":400,"width":50,"height":60},"said":{"Male":true}}]})");
  EXPECT_EQ(taken.without_face, 1U);
  EXPECT_THAT(said(), IsEmpty());
  EXPECT_EQ(VerdictTable(*database_).all().size(), 1U);
}

TEST_F(Labels, ThatFitNothingAreTold) {
  EXPECT_EQ(take("photo,attribute,said\nz.jpg,Smiling,1\na.jpg,Smiling,1\nb.jpg,Male,0\n").said,
            1U);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("line 2: z.jpg: the index does not know"),
                                     HasSubstr("line 3: /p/a.jpg: shows 2 faces")));
  EXPECT_THAT(complaint("photo,attribute,said\nb.jpg,Smilin,1\n"),
              HasSubstr("line 2: no attribute is called \"Smilin\"; did you mean \"Smiling\""));
  EXPECT_THAT(complaint("photo,attribute,said\nb.jpg,Smiling,maybe\n"),
              HasSubstr("line 2: \"maybe\" is neither 1 nor 0"));
  EXPECT_THAT(complaint("b.jpg,1\n"), HasSubstr("the first line must name the columns"));
  EXPECT_THAT(complaint(""), HasSubstr("is empty"));
  EXPECT_THAT(complaint("[{\"data\":1"), HasSubstr("is no JSON"));
  EXPECT_THAT(complaint("{\"images\":[],\"annotations\":[{\"image_id\":1}]}"),
              HasSubstr("annotation 1: is of an image that is not in the file"));
  EXPECT_THAT(said(), ElementsAre("b.jpg:1 -Male"));  // of a wrong file nothing is kept
}

// Files with flaws are read, or refused with a reason.
TEST_F(Labels, OfDamagedFilesDoNoHarm) {
  std::mt19937 random(11);
  const auto below = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
  };
  const std::vector<std::string> whole = {exported(coco_labels), exported(jsonl_labels),
                                          exported(csv_labels),
                                          json(json::parse(exported(label_studio_labels))).dump()};
  const std::vector<std::string> pieces = {"null", "[]", "{}", "-1e39", "\"\"",
                                           "1e9",  ",",  "\n", "\"",    "true"};
  int refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string text = whole[below(whole.size())];
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      if (below(2) == 0) {
        text.replace(at, std::min(text.size() - at, 1 + below(12)), pieces[below(pieces.size())]);
      } else {
        text[at] = static_cast<char>(below(256));
      }
    }
    try {
      take(text, true);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("answers")) << text;
      ++refused;
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, 2000);
}

}  // namespace
}  // namespace facet::detail
