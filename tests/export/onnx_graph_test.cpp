// SPDX-License-Identifier: Apache-2.0
// No file that ONNX itself would refuse is made.
#include "export/onnx_graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "export/onnx_reader.hpp"
#include "facet/error.hpp"
#include "facet/version.hpp"

namespace facet::detail::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

OnnxGraph sum_graph() {
  OnnxGraph graph("sum");
  graph.add_input("x", {"batch", std::int64_t{3}});
  const float one[] = {1, 2, 3};
  graph.add_node("Add", {"x", graph.add_floats("one", {3}, one)}, "y");
  return graph;
}

void expect_refused(const OnnxGraph& graph, const std::string& text) {
  try {
    (void)graph.model({});
    ADD_FAILURE() << "written; expected: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("graph sum is refused by ONNX: "));
    EXPECT_THAT(error.what(), HasSubstr(text));
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
  }
}

TEST(OnnxGraph, SaysWhatWroteIt) {
  OnnxGraph graph = sum_graph();
  graph.add_output("y", {"batch", std::int64_t{3}});
  const OnnxFile file = read_onnx(graph.model({{"key", "value"}}));
  EXPECT_EQ(file.producer, "facet " + library_version());
  EXPECT_EQ(file.metadata.at("key"), "value");
}

TEST(OnnxGraph, RefusesAValueWithTwoMakers) {
  OnnxGraph graph = sum_graph();
  graph.add_node("Relu", {"x"}, "y");
  graph.add_output("y", {"batch", std::int64_t{3}});
  expect_refused(graph, "y");
}

TEST(OnnxGraph, RefusesAnOutputOfAnotherShape) {
  OnnxGraph graph = sum_graph();
  graph.add_output("y", {"batch", std::int64_t{4}});
  expect_refused(graph, "4");
}

TEST(OnnxGraph, RefusesAnUnknownOperation) {
  OnnxGraph graph = sum_graph();
  graph.add_node("Guess", {"y"}, "z");
  graph.add_output("z", {"batch", std::int64_t{3}});
  expect_refused(graph, "Guess");
}

TEST(OnnxGraph, RefusesToReadWhatNothingMakes) {
  OnnxGraph graph = sum_graph();
  graph.add_node("Add", {"y", "nothing"}, "z");
  graph.add_output("z", {"batch", std::int64_t{3}});
  expect_refused(graph, "nothing");
}

}  // namespace
}  // namespace facet::detail::testing
