// SPDX-License-Identifier: Apache-2.0
// The graph that ANet becomes with its patches, heads and calibration.
#include "export/describer_graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/onnx_reader.hpp"
#include "facet/error.hpp"
#include "model/example_model.hpp"

namespace facet::detail::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::HasSubstr;
using Sides = std::vector<std::string>;

class DescriberGraph : public ::testing::Test {
 protected:
  OnnxFile exported(int batch = 0) const {
    return read_onnx(describer_to_onnx(anet_, parts_.patches, heads_, {batch, {}}));
  }
  void expect_refused(const std::string& text) const {
    try {
      exported();
      ADD_FAILURE() << "written; expected: " << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(text));
    }
  }

  ModelParts parts_ = example_parts();
  NetworkPart anet_ = example_networks().at("anet");
  std::vector<Head> heads_ = {parts_.heads.at("celeba")};
};

TEST_F(DescriberGraph, CutsPatchesInTheOrderOfFacets) {
  const OnnxFile file = exported();
  EXPECT_THAT(file.maker_of("patches").inputs,
              ElementsAre("patch/0", "patch/1", "patch/2", "patch/3", "patch/4", "patch/5",
                          "patch/6", "patch/7"));
  const OnnxNode& second = file.maker_of("patch/1");  // top 0, left 2
  EXPECT_THAT(file.constants.at(second.inputs[1]).integers(), ElementsAre(0, 2));
  EXPECT_THAT(file.constants.at(second.inputs[2]).integers(), ElementsAre(12, 14));
  EXPECT_EQ(second.inputs[0], "input/normalised");
  EXPECT_EQ(file.maker_of("patch/4").inputs[0], "region/mirrored");
}

TEST_F(DescriberGraph, TakesTheMeanOverPatches) {
  const OnnxFile file = exported();
  const OnnxNode& mean = file.maker_of("features");
  EXPECT_EQ(mean.operation, "ReduceMean");
  EXPECT_THAT(mean.attributes.at("axes"), ElementsAre(0));
  const OnnxNode& by_patch = file.maker_of(mean.inputs[0]);
  EXPECT_THAT(file.constants.at(by_patch.inputs[1]).integers(), ElementsAre(8, -1, 3));
}

TEST_F(DescriberGraph, ASinglePatchNeedsNoMean) {
  parts_.patches.mirrored = false;
  parts_.patches.offsets = {0};
  parts_.patches.region_side = parts_.patches.patch_side;
  const OnnxFile file = exported();
  EXPECT_EQ(file.maker_of("features").operation, "Flatten");
  EXPECT_EQ(file.inputs.at("input"), (Sides{"batch", "3", "12", "12"}));
}

// p = 1 / (1 + exp(-(a (w·f + bias) + b))).
TEST_F(DescriberGraph, HoldsHeadAndCalibrationInOneMatrix) {
  const OnnxFile file = exported();
  EXPECT_EQ(file.maker_of("celeba").operation, "Sigmoid");
  const OnnxNode& gemm = file.maker_of("celeba/logits");
  EXPECT_EQ(gemm.operation, "Gemm");
  EXPECT_EQ(gemm.inputs[0], "features");
  const Head& head = heads_[0];
  const std::vector<float> weight = file.constants.at(gemm.inputs[1]).floats();
  ASSERT_EQ(weight.size(), 6U);
  EXPECT_FLOAT_EQ(weight[1], 1.7F * head.weight[1]);
  EXPECT_FLOAT_EQ(weight[4], 2.3F * head.weight[4]);
  EXPECT_THAT(file.constants.at(gemm.inputs[2]).floats(),
              ElementsAre(FloatEq(1.7F * 0.1F + 0.3F), FloatEq(2.3F * (-1.0F / 3) - 0.7F)));
}

TEST_F(DescriberGraph, HeadsMayReadDifferentLayers) {
  Head other = heads_[0];
  other.name = "other";
  other.feature_layer = "C4";  // a map of two channels
  int side = parts_.patches.patch_side;
  for (const Layer& layer : anet_.spec.layers) {
    side = output_side(layer, side);
    if (layer.name == "C4") break;
  }
  other.weight = example_tensor({2, 2 * side * side}).values;
  heads_.push_back(other);
  const OnnxFile file = exported();
  EXPECT_EQ(file.outputs.at("features"), (Sides{"batch", "3"}));
  EXPECT_EQ(file.outputs.at("other"), (Sides{"batch", "2"}));
  EXPECT_EQ(file.maker_of("other/logits").inputs[0], "C4/mean");
}

TEST_F(DescriberGraph, OfAFixedBatchKnowsEverySide) {
  const OnnxFile file = exported(1);
  EXPECT_EQ(file.inputs.at("input"), (Sides{"1", "3", "14", "14"}));
  EXPECT_EQ(file.outputs.at("celeba"), (Sides{"1", "2"}));
  EXPECT_THAT(file.constants.at("FC/by_patch/shape").integers(), ElementsAre(8, 1, 3));
}

TEST_F(DescriberGraph, RefusesWhatCannotBe) {
  heads_[0].weight.pop_back();
  expect_refused("head celeba does not fit 3 features");
  heads_[0] = parts_.heads.at("celeba");
  heads_[0].feature_layer = "C9";
  expect_refused("there is no layer C9");
  heads_[0] = parts_.heads.at("celeba");
  heads_.push_back(heads_[0]);
  expect_refused("a head cannot be called celeba");
  heads_[1].name = "celeba/weight";
  expect_refused("a head cannot be called celeba/weight");
}

}  // namespace
}  // namespace facet::detail::testing
