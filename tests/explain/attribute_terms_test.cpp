// SPDX-License-Identifier: Apache-2.0
#include "explain/attribute_terms.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace facet::detail {
namespace {

// Four neurons: two go with Hat, one against Young, one with nothing.
ConceptParts small_parts() {
  ConceptParts parts;
  parts.attributes = {"Hat", "Young"};
  parts.correlation = {0.6F, 0.1F, 0.5F, -0.2F, 0.1F, -0.7F, 0.05F, 0.02F};
  parts.mean = {1, 2, 0.5F, 3};
  parts.deviation = {1, 0.5F, 2, 1};
  return parts;
}

Head small_head() {
  Head head;
  head.name = "small";
  head.attributes = {"Hat"};
  head.weight = {0.5F, -1, 2, 0.25F};
  head.bias = {-1};
  head.calibration_a = {2};
  head.calibration_b = {0.5F};
  head.threshold = {0.5F};
  head.threshold_balanced = {0.3F};
  return head;
}

HeadConcepts small_concepts() {
  HeadConcepts concepts;
  concepts.sparse_weight = {0, 0, 1.5F, 0};
  concepts.sparse_bias = {-0.5F};
  concepts.sparse_a = {2};
  concepts.sparse_b = {0};
  concepts.concept_low = {-1, -2};
  concepts.concept_high = {1, 2};
  return concepts;
}

struct Case {
  ConceptParts parts = small_parts();
  ConceptGroups groups = concept_groups(parts);
  Head head = small_head();
  HeadConcepts concepts = small_concepts();
  std::vector<float> features = {2, 1, 1, 4};

  [[nodiscard]] AttributeExplanation explain(float probability) const {
    const Attribute answer{"Hat", probability, 0.5F, probability >= 0.5F};
    return explain_attribute({parts, groups, head, concepts}, 0, features, answer);
  }
};

TEST(Concepts, AreNamedAfterTheStrongestCorrelation) {
  const Case one;
  ASSERT_EQ(one.groups.concepts.size(), 2U);
  EXPECT_EQ(concept_name(one.parts, one.groups.concepts[0]), "Hat");
  EXPECT_EQ(concept_name(one.parts, one.groups.concepts[1]), "not Young");
  EXPECT_EQ(one.groups.of_neuron, (std::vector<int>{0, 0, 1, -1}));
}

TEST(Explanation, TermsSumToTheScore) {
  const Case one;
  const AttributeExplanation result = one.explain(0.9F);
  // -1 + 0.5·2 - 1·1 + 2·1 + 0.25·4 = 2
  EXPECT_FLOAT_EQ(result.score, 2);
  // -1 + 0.5·1 - 1·2 + 2·0.5 + 0.25·3 = -0.75
  EXPECT_FLOAT_EQ(result.average_score, -0.75F);
  float sum = result.average_score + result.rest;
  for (const ConceptTerm& term : result.concepts) sum += term.contribution;
  EXPECT_NEAR(sum, result.score, 1e-5);
  EXPECT_EQ(result.concepts[0].name, "Hat");
  EXPECT_FLOAT_EQ(result.concepts[0].contribution, 0.5F * 1 + -1 * -1);
  EXPECT_EQ(result.concepts[0].leading_neuron, 1);
  // (0.5 · 1 + 1 · -1) / (0.5 · 1 + 1 · 0.5)
  EXPECT_FLOAT_EQ(result.concepts[0].response, -0.5F);
  EXPECT_EQ(result.concepts[0].neurons, 2);
  EXPECT_FLOAT_EQ(result.rest, 0.25F);
  // p = 0.5 where 2 · score + 0.5 = 0
  EXPECT_FLOAT_EQ(result.threshold_score, -0.25F);
  EXPECT_FALSE(result.unsure);
  EXPECT_TRUE(one.explain(0.55F).unsure);
}

TEST(Explanation, SparseTermsSumToTheSparseScore) {
  const AttributeExplanation result = Case().explain(0.9F);
  ASSERT_EQ(result.sparse.neurons.size(), 1U);
  const NeuronTerm& term = result.sparse.neurons[0];
  EXPECT_EQ(term.neuron, 2);
  EXPECT_EQ(term.concept_name, "not Young");
  EXPECT_FLOAT_EQ(term.response, 0.25F);  // (1 - 0.5) / 2
  EXPECT_FLOAT_EQ(result.sparse.score, -0.5F + 1.5F * 1);
  EXPECT_NEAR(result.sparse.average_score + term.contribution, result.sparse.score, 1e-6);
  EXPECT_TRUE(result.sparse.present);
  EXPECT_TRUE(result.sparse.agrees);
  EXPECT_FALSE(Case().explain(0.1F).sparse.agrees);
}

TEST(Flip, MovesTheFewestConceptsNoFurtherThanFacesShow) {
  const std::vector<ConceptChange> ranges = {{"a", -1, 1}, {"b", -3, 1}, {"c", -1, 5}};
  const std::vector<double> now = {0.5, 0.5, 0.5};
  const auto one = fewest_changes(ranges, now, -2);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->size(), 1U);
  EXPECT_EQ((*one)[0].name, "b");
  EXPECT_FLOAT_EQ((*one)[0].from, 0.5F);
  EXPECT_FLOAT_EQ((*one)[0].to, -1.5F);
  const auto two = fewest_changes(ranges, now, -4);
  ASSERT_TRUE(two);
  ASSERT_EQ(two->size(), 2U);
  EXPECT_FLOAT_EQ((*two)[0].to, -3);
  EXPECT_FLOAT_EQ((*two)[1].to, 0);
  EXPECT_FALSE(fewest_changes(ranges, now, -7));  // 1.5 + 3.5 + 1.5 is all there is
  EXPECT_TRUE(fewest_changes(ranges, now, 5));
}

TEST(Score, AtAThreshold) {
  EXPECT_FLOAT_EQ(score_at(0.5F, 2, 1), -0.5F);
  EXPECT_GT(score_at(0.9F, 0, 1), 1e5F);   // the probability is always 0.73: never
  EXPECT_LT(score_at(0.1F, 0, 1), -1e5F);  // always
}

}  // namespace
}  // namespace facet::detail
