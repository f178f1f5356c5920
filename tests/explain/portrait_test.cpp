// SPDX-License-Identifier: Apache-2.0
// The published models explain the portrait in samples/.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "facet/explain_report.hpp"

namespace facet {
namespace {

std::filesystem::path source(const std::string& file) {
  return std::filesystem::path(FACET_SOURCE_DIR) / file;
}

class Portrait : public testing::TestWithParam<const char*> {
 protected:
  std::filesystem::path file_ = source(std::string("models/") + GetParam() + ".safetensors");
  std::shared_ptr<const Model> model_ = Model::load(file_);
  std::shared_ptr<const Concepts> concepts_ = Concepts::load_beside(file_);
  Explainer explainer_{model_, concepts_, 1, Precision::fp32};
  Image photo_ = read_image(source("samples/astronaut.png"));
};

TEST_P(Portrait, TermsSumToTheScores) {
  ExplainOptions options;
  options.attributes = model_->attribute_names("celeba");
  const PhotoExplanation explained = explainer_.explain(photo_, options);
  ASSERT_EQ(explained.faces.size(), 1U);
  ASSERT_EQ(explained.faces[0].attributes.size(), 40U);
  for (const AttributeExplanation& one : explained.faces[0].attributes) {
    double sum = static_cast<double>(one.average_score) + one.rest;
    for (const ConceptTerm& term : one.concepts) sum += term.contribution;
    EXPECT_NEAR(sum, one.score, 1e-4) << one.name;
    double sparse = one.sparse.average_score;
    for (const NeuronTerm& term : one.sparse.neurons) sparse += term.contribution;
    EXPECT_NEAR(sparse, one.sparse.score, 1e-4) << one.name;
    EXPECT_EQ(one.present, one.score >= one.threshold_score) << one.name;
    EXPECT_LE(one.sparse.neurons.size(), 0.1 * one.sparse.total_neurons) << one.name;
    EXPECT_EQ(one.sparse.agrees, one.present == one.sparse.present);
    if (!one.flip) continue;
    double changed = one.score;
    for (const ConceptChange& change : *one.flip) {
      changed += static_cast<double>(change.to) - change.from;
    }
    EXPECT_NEAR(changed, one.threshold_score, 1e-3) << one.name;
  }
}

TEST_P(Portrait, IsAnsweredAsPredictorAnswers) {
  Predictor predictor(model_, 1, Precision::fp32);
  const PhotoResult plain = predictor.predict(photo_);
  const PhotoExplanation explained = explainer_.explain(photo_);
  ASSERT_EQ(explained.photo.faces.size(), plain.faces.size());
  EXPECT_TRUE(explained.photo.faces[0].features.empty());
  std::size_t present = 0;
  for (const Attribute& attribute : plain.faces[0].attributes) {
    EXPECT_EQ(explained.photo.faces[0][attribute.name].probability, attribute.probability);
    present += attribute.present ? 1 : 0;
  }
  EXPECT_EQ(explained.faces[0].attributes.size(), present);
  EXPECT_EQ(labels_sentence(explained.photo.faces[0]), labels_sentence(plain.faces[0]));
}

// What a map leaves of the score is that of the average map, whatever the face.
TEST_P(Portrait, MapsSumToTheScoreButForAConstant) {
  ExplainOptions options;
  options.attributes = {"Bangs", "Smiling", "Male"};
  options.predict.locate.max_faces = 2;
  std::vector<std::vector<double>> left(3);
  for (const char* file : {"samples/astronaut.png", "samples/solvay_1927.jpg"}) {
    const PhotoExplanation explained = explainer_.explain(read_image(source(file)), options);
    for (const FaceExplanation& face : explained.faces) {
      for (const AttributeExplanation& one : face.attributes) {
        const std::size_t place = one.name == "Bangs" ? 0 : one.name == "Smiling" ? 1 : 2;
        const double sum = std::accumulate(one.region.values.begin(), one.region.values.end(), 0.0);
        left[place].push_back(one.score - sum);
      }
    }
  }
  for (const std::vector<double>& scores : left) {
    ASSERT_EQ(scores.size(), 3U);
    EXPECT_NEAR(scores[0], scores[1], 2e-2);
    EXPECT_NEAR(scores[0], scores[2], 2e-2);
  }
}

// A photo in its file, and the same found elsewhere and turned, have the same face.
TEST_P(Portrait, IsExplainedFromItsFileToo) {
  EncodedPhoto file = EncodedPhoto::read(source("samples/astronaut.png"));
  ExplainOptions options;
  options.view_side = 64;
  const PhotoExplanation of_file = explainer_.explain(file, options);
  const PhotoExplanation of_image = explainer_.explain(photo_, options);
  ASSERT_EQ(of_file.faces.size(), of_image.faces.size());
  EXPECT_EQ(of_file.faces[0].view.width, 64);
  EXPECT_NEAR(of_file.faces[0].square.centre_x, of_image.faces[0].square.centre_x, 1);
  EXPECT_NEAR(of_file.faces[0].square.side, of_image.faces[0].square.side, 1);
  // The face stands inside the square.
  const Box& box = of_image.photo.faces[0].box;
  const FaceSquare& square = of_image.faces[0].square;
  EXPECT_LT(std::abs(square.centre_x - (box.x + box.width / 2)), box.width / 2);
  EXPECT_GT(square.side, box.height);
}

TEST_P(Portrait, RefusesWhatCannotBeExplained) {
  ExplainOptions options;
  options.attributes = {"Wings"};
  EXPECT_THROW(explainer_.explain(photo_, options), Error);
  options.attributes.clear();
  options.predict.extra_heads.emplace_back();
  EXPECT_THROW(explainer_.explain(photo_, options), Error);
  options.predict.extra_heads.clear();
  options.predict.head = "none";
  EXPECT_THROW(explainer_.explain(photo_, options), Error);
}

INSTANTIATE_TEST_SUITE_P(Published, Portrait, testing::Values("best", "fast", "paper"));

// A reader who knows neither model is told in words first.
TEST_P(Portrait, HasAPageThatSaysWhyInOneSentence) {
  ExplainOptions options;
  options.attributes = {"Bangs"};
  const PhotoExplanation explained = explainer_.explain(photo_, options);
  ReportContext context;
  context.model = GetParam();
  const std::string page = explanations_to_html({&explained, 1}, context, *concepts_);
  const std::size_t why = page.find("<p class=\"why\">The average face would get a <b>no</b>.");
  ASSERT_NE(why, std::string::npos);
  const std::string sentence = page.substr(why, page.find("</p>", why) - why);
  EXPECT_NE(sentence.find("This one gets a <b>yes</b> mostly because the network sees <b>more "
                          "“bangs”</b> (+"),
            std::string::npos)
      << sentence;
  EXPECT_LT(page.find("How to read it"), why);
  EXPECT_LT(why, page.find("What adds up to the score"));
}

TEST(Best, SaysWhyThePortraitHasBangs) {
  const auto file = source("models/best.safetensors");
  Explainer explainer(Model::load(file), Concepts::load_beside(file), 1, Precision::fp32);
  ExplainOptions options;
  options.attributes = {"Bangs"};
  const PhotoExplanation explained =
      explainer.explain(read_image(source("samples/astronaut.png")), options);
  const AttributeExplanation& bangs = explained.faces.at(0).attributes.at(0);
  EXPECT_TRUE(bangs.present);
  EXPECT_EQ(bangs.concepts.at(0).name, "Bangs");
  EXPECT_GT(bangs.concepts.at(0).contribution, 0);
  EXPECT_EQ(bangs.region.place, "hair and forehead");
  const std::string sentence = labels_sentence(explained.photo.faces.at(0));
  EXPECT_TRUE(sentence.starts_with("labelled as: ")) << sentence;
  EXPECT_NE(sentence.find("smiling"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("bangs"), std::string::npos) << sentence;
  const std::string text = explanation_to_text(explained);
  EXPECT_NE(text.find("hair and forehead"), std::string::npos) << text;
}

}  // namespace
}  // namespace facet
