// SPDX-License-Identifier: Apache-2.0
#include "format/network_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <climits>
#include <functional>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

Layer convolution(const char* name, int in, int out, int kernel) {
  Layer layer;
  layer.name = name;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = kernel;
  return layer;
}

NetworkSpec some_spec() {
  NetworkSpec spec;
  spec.mean = 120.25F;
  spec.scale = 0.1F;
  Layer first = convolution("C1", 3, 8, 5);
  first.stride = 2;
  first.padding = 2;
  first.relu = true;
  first.batch_norm = true;
  Layer pool = convolution("P1", 8, 8, 2);
  pool.kind = LayerKind::max_pool;
  pool.stride = 2;
  Layer tiled = convolution("C3", 8, 4, 3);
  tiled.kind = LayerKind::local_tiled;
  tiled.cells = 3;
  Layer stacked = convolution("C4", 4, 6, 3);
  stacked.kind = LayerKind::local_stacked;
  stacked.cells = 3;
  spec.layers = {first, pool, tiled, stacked, convolution("FC", 24, 10, 2)};
  return spec;
}

std::string fault_after(const std::function<void(json&)>& change) {
  json object = to_json(some_spec());
  change(object);
  try {
    network_spec_from_json(object);
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_model);
    return error.what();
  }
}

TEST(NetworkSpec, ReturnsFromTextAsItWas) {
  const NetworkSpec spec = some_spec();
  const NetworkSpec back = network_spec_from_json(json::parse(to_json(spec).dump()));
  EXPECT_EQ(back.mean, spec.mean);
  EXPECT_EQ(back.scale, spec.scale);
  ASSERT_EQ(back.layers.size(), spec.layers.size());
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& a = spec.layers[i];
    const Layer& b = back.layers[i];
    EXPECT_EQ(b.name, a.name);
    EXPECT_EQ(b.kind, a.kind);
    EXPECT_EQ(b.in_channels, a.in_channels);
    EXPECT_EQ(b.out_channels, a.out_channels);
    EXPECT_EQ(b.kernel, a.kernel);
    EXPECT_EQ(b.stride, a.stride);
    EXPECT_EQ(b.padding, a.padding);
    EXPECT_EQ(b.cells, a.cells);
    EXPECT_EQ(b.relu, a.relu);
    EXPECT_EQ(b.batch_norm, a.batch_norm);
  }
}

TEST(NetworkSpec, RefusesMissingFields) {
  for (const char* key :
       {"name", "kind", "in_channels", "out_channels", "kernel", "stride", "padding", "relu"}) {
    EXPECT_THAT(fault_after([&](json& spec) { spec["layers"][1].erase(key); }),
                HasSubstr(std::string("\"") + key + "\" is missing"));
  }
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][2].erase("cells"); }),
              HasSubstr("\"cells\" is missing"));
  EXPECT_THAT(fault_after([](json& spec) { spec.erase("layers"); }), HasSubstr("layers"));
  EXPECT_THAT(fault_after([](json& spec) { spec.erase("scale"); }), HasSubstr("scale"));
  EXPECT_THAT(fault_after([](json& spec) { spec = json::array(); }), HasSubstr("not an object"));
}

TEST(NetworkSpec, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][0]["kind"] = "dense"; }),
              HasSubstr("unknown kind \"dense\""));
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][0]["dilation"] = 2; }),
              HasSubstr("unknown field \"dilation\""));
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][0]["cells"] = 2; }),
              HasSubstr("unknown field \"cells\""));
}

TEST(NetworkSpec, RefusesSizesOutOfRange) {
  const auto fault = [](std::size_t layer, const char* key, const json& value) {
    return fault_after([&](json& spec) { spec["layers"][layer][key] = value; });
  };
  EXPECT_THAT(fault(0, "kernel", 0), HasSubstr("layer 0: \"kernel\" is 0"));
  EXPECT_THAT(fault(0, "kernel", 18446744073709551615U), HasSubstr("kernel"));
  EXPECT_THAT(fault(0, "kernel", INT64_MIN), HasSubstr("kernel"));
  EXPECT_THAT(fault(0, "kernel", 2.5), HasSubstr("not a whole number"));
  EXPECT_THAT(fault(0, "kernel", "5"), HasSubstr("not a whole number"));
  EXPECT_THAT(fault(0, "stride", 0), HasSubstr("stride"));
  EXPECT_THAT(fault(0, "stride", -1), HasSubstr("stride"));
  EXPECT_THAT(fault(0, "padding", 5), HasSubstr("padding"));
  EXPECT_THAT(fault(0, "in_channels", 0), HasSubstr("in_channels"));
  EXPECT_THAT(fault(0, "out_channels", 100000), HasSubstr("out_channels"));
  EXPECT_THAT(fault(0, "relu", 1), HasSubstr("relu"));
  EXPECT_THAT(fault(1, "out_channels", 9), HasSubstr("pooling cannot change channels"));
  EXPECT_THAT(fault(1, "relu", true), HasSubstr("pooling"));
  EXPECT_THAT(fault(2, "cells", 0), HasSubstr("cells"));
  EXPECT_THAT(fault(3, "cells", 1), HasSubstr("cells"));
  EXPECT_THAT(fault(2, "stride", 2), HasSubstr("stride 1"));
  EXPECT_THAT(fault(3, "padding", 1), HasSubstr("no padding"));
  EXPECT_THAT(fault(3, "out_channels", 16384), HasSubstr("too many channels"));
  EXPECT_THAT(fault(0, "name", ""), HasSubstr("name"));
  EXPECT_THAT(fault(0, "name", "a/b"), HasSubstr("name"));
  EXPECT_THAT(fault(0, "name", std::string(65, 'x')), HasSubstr("name"));
  EXPECT_THAT(fault_after([](json& spec) { spec["scale"] = 0; }), HasSubstr("scale"));
  EXPECT_THAT(fault_after([](json& spec) { spec["mean"] = 1e30; }), HasSubstr("mean"));
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"] = json::array(); }),
              HasSubstr("0 elements"));
}

TEST(NetworkSpec, RefusesLayersThatDoNotFollowEachOther) {
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][2]["in_channels"] = 7; }),
              HasSubstr("\"C3\" takes 7 channels where the layer before it yields 8"));
  // A stacked layer yields one group of channels a bank.
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][4]["in_channels"] = 6; }),
              HasSubstr("yields 24"));
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][4]["name"] = "C1"; }),
              HasSubstr("two layers are called \"C1\""));
}

TEST(NetworkSpec, AddsOnlyEarlierMapsOfAsManyChannels) {
  NetworkSpec spec;
  spec.layers = {convolution("first", 3, 8, 3), convolution("second", 8, 8, 3),
                 convolution("third", 8, 4, 3)};
  spec.layers[1].add = "first";
  EXPECT_EQ(network_spec_from_json(to_json(spec)).layers[1].add, "first");
  const auto fault = [](NetworkSpec broken, std::size_t layer, const std::string& add) {
    broken.layers[layer].add = add;
    try {
      network_spec_from_json(to_json(broken));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(fault(spec, 0, "second"), HasSubstr("no earlier layer"));
  EXPECT_THAT(fault(spec, 1, "second"), HasSubstr("no earlier layer"));
  EXPECT_THAT(fault(spec, 2, "first"), HasSubstr("8 channels, to its own 4"));
}

NetworkSpec spec_with_depths() {
  NetworkSpec spec;
  spec.layers = {convolution("C1", 3, 8, 3), convolution("C2", 8, 6, 3),
                 convolution("FC", 6, 5, 4)};
  spec.layers.push_back(depths_layer("depths", spec.layers, {"C2", "C1"}));
  spec.layers.push_back(convolution("tags", 19, 2, 1));
  return spec;
}

TEST(NetworkSpec, DepthsReturnFromTextAsTheyWere) {
  const NetworkSpec spec = spec_with_depths();
  const NetworkSpec back = network_spec_from_json(json::parse(to_json(spec).dump()));
  EXPECT_EQ(back.layers[3].kind, LayerKind::depths);
  EXPECT_EQ(back.layers[3].of, (std::vector<std::string>{"C2", "C1"}));
  EXPECT_EQ(back.layers[3].channels(), 5 + 6 + 8);
  EXPECT_FALSE(back.layers[3].has_weights());
}

TEST(NetworkSpec, DepthsAreOfEarlierLayersOnceEach) {
  const auto fault = [](const char* key, const json& value) {
    json object = to_json(spec_with_depths());
    object["layers"][3][key] = value;
    try {
      network_spec_from_json(object);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_model);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(fault("of", {"C1", "tags"}), HasSubstr("reads \"tags\", which is no earlier layer"));
  EXPECT_THAT(fault("of", {"depths"}), HasSubstr("no earlier layer"));
  EXPECT_THAT(fault("of", {"C1", "C2", "C1"}), HasSubstr("reads \"C1\" twice"));
  EXPECT_THAT(fault("of", {"C1", "FC"}), HasSubstr("reads \"FC\" twice"));
  EXPECT_THAT(fault("of", {"C2"}), HasSubstr("yields 19 channels where it reads 11"));
  EXPECT_THAT(fault("of", json::array()), HasSubstr("of"));
  EXPECT_THAT(fault("of", {1}), HasSubstr("of"));
  EXPECT_THAT(fault("of", "C1"), HasSubstr("of"));
  EXPECT_THAT(fault("out_channels", 20), HasSubstr("yields 20 channels where it reads 19"));
  EXPECT_THAT(fault("kernel", 1), HasSubstr("unknown field \"kernel\""));
  EXPECT_THAT(fault("add", "C1"), HasSubstr("unknown field \"add\""));
  EXPECT_THAT(fault_after([](json& spec) { spec["layers"][1]["of"] = {"C1"}; }),
              HasSubstr("unknown field \"of\""));
}

TEST(OutputSide, OfDepthsIsASinglePlace) {
  const Layer depths = spec_with_depths().layers[3];
  EXPECT_EQ(output_side(depths, 1), 1);
  EXPECT_THROW(output_side(depths, 2), Error);
}

TEST(OutputSide, CountsPaddingStrideAndRemainders) {
  Layer layer = convolution("C", 1, 1, 5);
  EXPECT_EQ(output_side(layer, 5), 1);
  EXPECT_EQ(output_side(layer, 12), 8);
  layer.stride = 2;
  EXPECT_EQ(output_side(layer, 12), 4);
  layer.padding = 2;
  EXPECT_EQ(output_side(layer, 12), 6);
  EXPECT_EQ(output_side(layer, 1), 1);
  EXPECT_THROW(output_side(layer, 0), Error);
  EXPECT_EQ(output_side(layer, INT_MAX), 1 << 30);
  layer.padding = 0;
  EXPECT_THROW(output_side(layer, 4), Error);
}

TEST(OutputSide, DividesLocallySharedMapsIntoEqualCells) {
  Layer tiled = convolution("T", 1, 1, 3);
  tiled.kind = LayerKind::local_tiled;
  tiled.cells = 3;
  EXPECT_EQ(output_side(tiled, 11), 9);  // the output map is divided
  EXPECT_THROW(output_side(tiled, 12), Error);
  Layer stacked = convolution("S", 1, 1, 3);
  stacked.kind = LayerKind::local_stacked;
  stacked.cells = 3;
  EXPECT_EQ(output_side(stacked, 9), 4);  // two of three cells, then the kernel
  EXPECT_THROW(output_side(stacked, 10), Error);
  EXPECT_THROW(output_side(stacked, 3), Error);
  try {
    output_side(stacked, 10);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("\"S\" cannot take a map of side 10"));
  }
}

}  // namespace
}  // namespace facet::detail
