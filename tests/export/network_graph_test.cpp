// SPDX-License-Identifier: Apache-2.0
// The graph that a network becomes.
#include "export/network_graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "export/onnx_reader.hpp"
#include "facet/error.hpp"
#include "network/example_networks.hpp"

namespace facet::detail::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Sides = std::vector<std::string>;

OnnxFile exported(const NetworkSpec& spec, const OnnxRequest& request) {
  RandomSource random(3);
  return read_onnx(network_to_onnx({spec, random_weights(spec, random)}, request));
}

OnnxFile exported_anet() {
  return exported(anet_spec(2), {"anet", {"FC"}, 88, 0, {}});
}

void expect_refused(const NetworkSpec& spec, const OnnxRequest& request, const std::string& text) {
  try {
    exported(spec, request);
    ADD_FAILURE() << "written; expected: " << text;
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(text));
  }
}

TEST(NetworkGraph, IsOpset13) {
  const OnnxFile file = exported(lnet_spec(2), {"lnet_o", {"tags"}, 0, 0, {}});
  EXPECT_EQ(file.opset, 13);
  EXPECT_EQ(file.ir_version, 7);
  EXPECT_EQ(file.graph_name, "lnet_o");
}

TEST(NetworkGraph, LNetTakesPhotosOfAnySize) {
  const OnnxFile file = exported(lnet_spec(2), {"lnet_o", {"C5", "tags"}, 0, 0, {}});
  EXPECT_EQ(file.inputs.at("input"), (Sides{"batch", "3", "height", "width"}));
  EXPECT_EQ(file.outputs.at("C5"), (Sides{"batch", "6", "C5_height", "C5_width"}));
  EXPECT_EQ(file.outputs.at("tags"), (Sides{"batch", "40", "tags_height", "tags_width"}));
}

TEST(NetworkGraph, AFixedOneNamesEverySide) {
  const OnnxFile file = exported(lnet_spec(2), {"lnet_o", {"tags"}, 64, 1, {}});
  EXPECT_EQ(file.inputs.at("input"), (Sides{"1", "3", "64", "64"}));
  EXPECT_EQ(file.outputs.at("tags"), (Sides{"1", "40", "8", "8"}));
}

TEST(NetworkGraph, ANetTakesPatchesOfOneSize) {
  const OnnxFile file = exported_anet();
  EXPECT_EQ(file.inputs.at("input"), (Sides{"batch", "3", "88", "88"}));
  EXPECT_EQ(file.outputs.at("FC"), (Sides{"batch", "20", "1", "1"}));
}

TEST(NetworkGraph, NormalisesBytes) {
  NetworkSpec spec = lnet_spec(2);
  spec.mean = 100.5F;
  spec.scale = 0.03F;
  const OnnxFile file = exported(spec, {"lnet_o", {"tags"}, 0, 0, {}});
  const OnnxNode& first = file.maker_of("C1/convolution");
  const OnnxNode& scaled = file.maker_of(first.inputs[0]);
  const OnnxNode& centred = file.maker_of(scaled.inputs[0]);
  EXPECT_EQ(scaled.operation, "Mul");
  EXPECT_THAT(file.constants.at(scaled.inputs[1]).floats(), ElementsAre(0.03F));
  EXPECT_EQ(centred.operation, "Sub");
  EXPECT_EQ(centred.inputs[0], "input");
  EXPECT_THAT(file.constants.at(centred.inputs[1]).floats(), ElementsAre(100.5F));
}

TEST(NetworkGraph, NodesReadOnlyWhatIsMadeBefore) {
  const OnnxFile file = exported_anet();
  std::set<std::string> known = {"input"};
  for (const auto& [name, tensor] : file.constants) known.insert(name);
  for (const OnnxNode& node : file.nodes) {
    for (const std::string& input : node.inputs) EXPECT_EQ(known.count(input), 1U) << input;
    for (const std::string& output : node.outputs) EXPECT_TRUE(known.insert(output).second);
  }
  for (const auto& [name, sides] : file.outputs) EXPECT_EQ(known.count(name), 1U);
}

TEST(NetworkGraph, ConvolutionsHaveTheirWindow) {
  const OnnxFile file = exported(lnet_spec(2), {"lnet_o", {"tags"}, 0, 0, {}});
  const OnnxNode& node = file.maker_of("C1/convolution");
  EXPECT_EQ(node.operation, "Conv");
  EXPECT_THAT(node.attributes.at("kernel_shape"), ElementsAre(5, 5));
  EXPECT_THAT(node.attributes.at("strides"), ElementsAre(2, 2));
  EXPECT_THAT(node.attributes.at("pads"), ElementsAre(2, 2, 2, 2));
  EXPECT_THAT(file.constants.at("C1.weight").shape, ElementsAre(2, 3, 5, 5));
  EXPECT_EQ(file.maker_of("C1").operation, "Relu");
  EXPECT_EQ(file.maker_of("tags").operation, "Conv");  // has no relu
}

// 17 pixels of input become 15 of output: three cells of 5, each from 7 of input.
TEST(NetworkGraph, TiledBanksReadOverlappingSquares) {
  const OnnxFile file = exported_anet();
  const OnnxNode& slice = file.maker_of("C3/5/input");  // row 1, column 2
  EXPECT_EQ(slice.operation, "Slice");
  EXPECT_THAT(file.constants.at(slice.inputs[1]).integers(), ElementsAre(5, 10));
  EXPECT_THAT(file.constants.at(slice.inputs[2]).integers(), ElementsAre(12, 17));
  EXPECT_THAT(file.constants.at(slice.inputs[3]).integers(), ElementsAre(2, 3));
  EXPECT_THAT(file.maker_of("C3/row/1").inputs,
              ElementsAre("C3/3/convolution", "C3/4/convolution", "C3/5/convolution"));
  EXPECT_THAT(file.maker_of("C3/row/1").attributes.at("axis"), ElementsAre(3));
  EXPECT_THAT(file.maker_of("C3/convolution").attributes.at("axis"), ElementsAre(2));
}

// 15 pixels are three cells of 5; each bank reads two by two of them.
TEST(NetworkGraph, StackedBanksBecomeChannels) {
  const OnnxFile file = exported_anet();
  const OnnxNode& slice = file.maker_of("C4/1/input");  // row 0, column 1
  EXPECT_THAT(file.constants.at(slice.inputs[1]).integers(), ElementsAre(0, 5));
  EXPECT_THAT(file.constants.at(slice.inputs[2]).integers(), ElementsAre(10, 15));
  EXPECT_EQ(file.maker_of("C4/convolution").operation, "Concat");
  EXPECT_THAT(file.maker_of("C4/convolution").attributes.at("axis"), ElementsAre(1));
}

TEST(NetworkGraph, EachBankHasItsOwnFilters) {
  const NetworkSpec spec = anet_spec(2);
  RandomSource random(3);
  const WeightMap weights = random_weights(spec, random);
  const OnnxFile file = read_onnx(network_to_onnx({spec, weights}, {"anet", {"FC"}, 88, 0, {}}));
  const std::vector<float>& all = weights.at("C4.weight").values;
  const std::vector<float> third = file.constants.at("C4.weight/2").floats();
  const auto size = static_cast<std::ptrdiff_t>(all.size() / 4);
  EXPECT_EQ(third, std::vector<float>(all.begin() + 2 * size, all.begin() + 3 * size));
}

TEST(NetworkGraph, ShortcutsAreAddedBeforeTheRelu) {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 4, 3, 1, 1), convolution("C2", 4, 4, 3, 1, 1)};
  spec.layers[1].add = "C1";
  const OnnxFile file = exported(spec, {"net", {"C2"}, 0, 0, {}});
  EXPECT_THAT(file.maker_of("C2").inputs, ElementsAre("C2/sum"));
  EXPECT_THAT(file.maker_of("C2/sum").inputs, ElementsAre("C2/convolution", "C1"));
}

TEST(NetworkGraph, LayersBehindTheLastOutputAreLeftOut) {
  const OnnxFile file = exported(lnet_spec(2), {"lnet_o", {"C5"}, 0, 0, {}});
  EXPECT_EQ(file.constants.count("C5.weight"), 1U);
  EXPECT_EQ(file.constants.count("tags.weight"), 0U);
}

TEST(NetworkGraph, RefusesWhatCannotBe) {
  expect_refused(anet_spec(2), {"anet", {"FC"}, 0, 0, {}}, "needs maps of one size");
  expect_refused(depths_spec(2), {"anet", {"depths"}, 0, 0, {}}, "hence maps of one size");
  expect_refused(lnet_spec(2), {"lnet_o", {"C9"}, 0, 0, {}}, "there is no layer C9");
  expect_refused(lnet_spec(2), {"lnet_o", {}, 0, 0, {}}, "no outputs");
  EXPECT_THROW(network_to_onnx({lnet_spec(2), {}}, {"lnet_o", {"tags"}, 0, 0, {}}), Error);
}

}  // namespace
}  // namespace facet::detail::testing
