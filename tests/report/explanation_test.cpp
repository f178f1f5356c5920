// SPDX-License-Identifier: Apache-2.0
// What explanations say to people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facet/explain_report.hpp"
#include "report/attribute_words.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

Attribute attribute(const std::string& name, float probability) {
  return {name, probability, 0.5F, probability >= 0.5F};
}

TEST(Sentence, NamesWhatHoldsAndWhatIsUnsure) {
  Face face;
  face.attributes = {attribute("Bangs", 0.9F),      attribute("Brown_Hair", 0.8F),
                     attribute("Smiling", 0.99F),   attribute("Wavy_Hair", 0.45F),
                     attribute("No_Beard", 0.97F),  attribute("Wearing_Hat", 0.7F),
                     attribute("Young", 0.95F),     attribute("Bald", 0.01F),
                     attribute("Round_Hat", 0.61F), attribute("Eyeglasses", 0.39F)};
  EXPECT_EQ(labels_sentence(face),
            "labelled as: smiling, young, with bangs, brown hair and Round Hat, wearing a hat, "
            "without a beard; unsure about wavy hair");
  face.attributes = {attribute("Bald", 0.1F)};
  EXPECT_EQ(labels_sentence(face), "labelled as: nothing");
}

TEST(Words, SayTheOppositeToo) {
  EXPECT_EQ(attribute_phrase("Wearing_Hat"), "a hat");
  EXPECT_EQ(attribute_phrase("No_Beard"), "no beard");
  EXPECT_EQ(concept_phrase("not No_Beard"), "a beard");
  EXPECT_EQ(concept_phrase("not Wearing_Hat"), "no hat");
  EXPECT_EQ(concept_phrase("not Male"), "not male");
  EXPECT_EQ(concept_phrase("not Oval_Face"), "no oval face");
  EXPECT_EQ(concept_phrase("Bangs"), "bangs");
}

PhotoExplanation example() {
  PhotoExplanation explanation;
  explanation.photo.path = "<b>\".png";
  explanation.photo.status = PhotoStatus::ok;
  explanation.photo.width = explanation.photo.height = 100;
  Face face;
  face.box = {10, 20, 30, 40};
  face.attributes = {attribute("Bangs", 0.9F)};
  explanation.photo.faces = {face};
  AttributeExplanation one;
  one.name = "Bangs";
  one.probability = 0.9F;
  one.present = true;
  one.score = 1.5F;
  one.average_score = -1;
  one.rest = 0.25F;
  one.concepts = {{"Bangs", 3, 2.5F, 1.5F, 1}, {"not Male", 1, -0.25F, -0.5F, 0}};
  one.sparse.total_neurons = 20;
  one.sparse.present = one.sparse.agrees = true;
  one.sparse.neurons = {{1, "Bangs", {{"Bangs", 0.8F}}, 2, 0.5F, 1.5F}};
  one.flip = {{{"Bangs", 2.5F, 0.75F}}};
  one.region.place = "hair and forehead";
  one.region.place_share = 0.625F;
  FaceExplanation of_face;
  of_face.attributes = {one};
  explanation.faces = {of_face};
  return explanation;
}

TEST(Text, HasTheTermsAndWhatWouldTurnTheAnswer) {
  const std::string text = explanation_to_text(example());
  EXPECT_THAT(text, HasSubstr("face 1 of 1 at 10,20 30x40\nlabelled as: with bangs\n"));
  EXPECT_THAT(text, HasSubstr("bangs (Bangs): yes; probability 0.90, holds from 0.50\n"));
  EXPECT_THAT(
      text,
      HasSubstr("   +2.50  more “bangs” (3 neurons)\n   -0.25  less “not male” (1 neuron)\n"));
  EXPECT_THAT(text, HasSubstr("where: hair and forehead, 63 % of what speaks for it\n"));
  EXPECT_THAT(text, HasSubstr("1 of 20 neurons alone say yes, too"));
  EXPECT_THAT(text, HasSubstr("it would turn if what “bangs” adds went from +2.50 to +0.75\n"));
}

TEST(Json, HasThePredictionAndTheReasons) {
  const std::string json = explanation_to_json(example());
  EXPECT_THAT(json, HasSubstr(R"("sentence":"labelled as: with bangs")"));
  EXPECT_THAT(
      json,
      HasSubstr(
          R"({"concept":"not Male","neurons":1,"contribution":-0.25,"response":-0.5,"leading_neuron":0})"));
  EXPECT_THAT(json, HasSubstr(R"("flip":[{"concept":"Bangs","from":2.5,"to":0.75}])"));
  EXPECT_THAT(json, HasSubstr(R"("attributes":[{"name":"Bangs")"));
}

}  // namespace
}  // namespace facet::detail
