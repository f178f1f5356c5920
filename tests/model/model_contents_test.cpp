// SPDX-License-Identifier: Apache-2.0
// Files whose checksum is right and whose contents are not.
#include "model/model_file_fixture.hpp"

namespace facet::detail {
namespace {

using ModelContentsTest = ModelFileTest;

TEST_F(ModelContentsTest, AcceptsTheUnchangedExample) {
  EXPECT_EQ(fault_after([](json&) {}), "");
}

TEST_F(ModelContentsTest, RefusesNewerFormatsAndUnknownFields) {
  EXPECT_THAT(fault_after([](json& model) { model["format_version"] = 4; }), HasSubstr("newer"));
  EXPECT_THAT(fault_after([](json& model) { model["format_version"] = 0; }),
              HasSubstr("format_version"));
  EXPECT_THAT(fault_after([](json& model) { model["extra"] = 0; }),
              HasSubstr("unknown field \"extra\""));
  EXPECT_THAT(fault_after([](json& model) { model["networks"]["enet"] = 0; }),
              HasSubstr("unknown network \"enet\""));
  EXPECT_THAT(fault_after([](json& model) { model["networks"] = json::object(); }),
              HasSubstr("no networks"));
}

// Programs that know no such layer shall say that the file is too new, and read all others.
TEST_F(ModelContentsTest, IsOfVersion2OnlyWithDepths) {
  const auto version = [&](const std::map<std::string, NetworkPart>& networks) {
    write_model(path_, example_parts(), networks);
    return json::parse(read_safetensors(path_).metadata.at("facet"))["format_version"].get<int>();
  };
  auto networks = example_networks();
  EXPECT_EQ(version(networks), 1);
  std::vector<Layer>& layers = networks.at("anet").spec.layers;
  layers.push_back(depths_layer("depths", layers, {"C1"}));
  EXPECT_EQ(version(networks), 2);
}

Head example_check() {
  Head check = example_parts().heads.begin()->second;
  const std::size_t features = check.weight.size() / check.attributes.size();
  check.name = "face_check";
  check.attributes = {"face"};
  check.weight.resize(features);
  for (auto* values : {&check.bias, &check.calibration_a, &check.calibration_b, &check.threshold,
                       &check.threshold_balanced}) {
    values->resize(1);
  }
  return check;
}

// Programs that do not ask it would see faces where the model sees none: it is too new for them.
TEST_F(ModelContentsTest, KeepsTheFaceCheckAndIsOfVersion3) {
  ModelParts parts = example_parts();
  parts.face_check = example_check();
  write_model(path_, parts, example_networks());
  EXPECT_EQ(json::parse(read_safetensors(path_).metadata.at("facet"))["format_version"], 3);
  const auto read = read_model_parts(path_).face_check;
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->attributes, parts.face_check->attributes);
  EXPECT_EQ(read->feature_layer, parts.face_check->feature_layer);
  EXPECT_EQ(read->weight, parts.face_check->weight);
}

TEST_F(ModelContentsTest, RefusesAFaceCheckThatDoesNotFit) {
  const auto fault = [&](const std::function<void(Head&)>& change) {
    ModelParts parts = example_parts();
    parts.face_check = example_check();
    change(*parts.face_check);
    try {
      write_model(path_, parts, example_networks());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(fault([](Head&) {}), "");
  EXPECT_THAT(fault([](Head& check) { check.weight.pop_back(); }), HasSubstr("does not fit"));
  EXPECT_THAT(fault([](Head& check) { check.feature_layer = "none"; }), HasSubstr("none"));
  EXPECT_THAT(fault([](Head& check) {
                check.attributes.emplace_back("cat");
                check.weight.insert(check.weight.end(), check.weight.begin(), check.weight.end());
                for (auto* values : {&check.bias, &check.calibration_a, &check.calibration_b,
                                     &check.threshold, &check.threshold_balanced}) {
                  values->push_back(values->front());
                }
              }),
              HasSubstr("more than one answer"));
}

TEST_F(ModelContentsTest, RefusesMissingFieldsEverywhere) {
  write_model(path_, example_parts(), example_networks());
  const json whole = json::parse(read_safetensors(path_).metadata.at("facet"));
  for (const auto& [key, ignored] : whole.items()) {
    EXPECT_THAT(fault_after([name = key](json& model) { model.erase(name); }), HasSubstr(key));
  }
  for (const char* part : {"localiser", "patches"}) {
    for (const auto& [key, ignored] : whole[part].items()) {
      if (key == "edgeboxes_threshold") continue;  // models before version 0.2 lack it
      EXPECT_THAT(fault_after([part, name = key](json& model) { model[part].erase(name); }),
                  HasSubstr("\"" + key + "\" is missing"));
    }
  }
  for (const auto& [key, ignored] : whole["heads"]["celeba"].items()) {
    EXPECT_THAT(fault_after([name = key](json& model) { model["heads"]["celeba"].erase(name); }),
                HasSubstr("\"" + key + "\" is missing"));
  }
}

TEST_F(ModelContentsTest, RefusesMissingForeignAndMisshapenTensors) {
  write_model(path_, example_parts(), example_networks());
  for (const auto& [name, ignored] : read_safetensors(path_).tensors) {
    EXPECT_THAT(fault_after([](json&) {}, [key = name](WeightMap& tensors) { tensors.erase(key); }),
                HasSubstr("\"" + name + "\" is missing"));
    EXPECT_THAT(fault_after([](json&) {},
                            [key = name](WeightMap& tensors) {
                              tensors.at(key).shape.insert(tensors.at(key).shape.begin(), 1);
                            }),
                HasSubstr("has shape"));
  }
  EXPECT_THAT(fault_after([](json&) {},
                          [](WeightMap& tensors) {
                            tensors["x"] = {{1}, {1}};
                          }),
              HasSubstr("unknown tensor \"x\""));
  // Right number of values, other shape.
  EXPECT_THAT(fault_after([](json&) {},
                          [](WeightMap& tensors) {
                            tensors.at("heads/celeba.weight").shape = {3, 2};
                          }),
              HasSubstr("has shape [3,2]"));
  EXPECT_THAT(fault_after([](json&) {},
                          [](WeightMap& tensors) {
                            tensors.at("heads/celeba.weight") = {{2, 4}, std::vector<float>(8)};
                          }),
              HasSubstr("does not fit 2 attributes and 3 features"));
}

struct BadValue {
  const char* key;
  const char* value;
  const char* message;
};

TEST_F(ModelContentsTest, RefusesLocaliserSettingsOutOfRange) {
  constexpr BadValue kBad[] = {{"face_height", "0", "face_height"},
                               {"face_height", "513", "face_height"},
                               {"face_height", "null", "face_height"},
                               {"face_height", "500", "enlarged"},
                               {"pyramid_factor", "1", "pyramid_factor"},
                               {"pyramid_factor", "4.5", "pyramid_factor"},
                               {"pyramid_factor", "\"2\"", "pyramid_factor"},
                               {"stride", "0", "stride"},
                               {"stride", "65", "stride"},
                               {"stride", "2.5", "stride"},
                               {"stride", "4", "2 pixels a cell"},
                               {"min_face", "0", "min_face"},
                               {"min_face", "1e9", "min_face"},
                               {"proposal_threshold", "1e30", "proposal_threshold"},
                               {"threshold", "\"none\"", "threshold"},
                               {"refine_side", "0", "refine_side"},
                               {"refine_side", "1048576", "refine_side"},
                               {"refine_context", "0", "refine_context"},
                               {"refine_context", "1e6", "refine_context"},
                               {"refine_scales", "[]", "refine_scales"},
                               {"refine_scales", "[0]", "refine_scales"},
                               {"refine_scales", "[-1]", "refine_scales"},
                               {"refine_weight", "1.5", "refine_weight"},
                               {"refine_weight", "-0.1", "refine_weight"},
                               {"box", "[0, 0, 1]", "box"},
                               {"box", "[0, 0, 0, 1]", "box"},
                               {"box", "[0, 0, 1, -1]", "box"},
                               {"box", "[9, 0, 1, 1]", "box"},
                               {"unheard_of", "1", "unknown field \"unheard_of\""}};
  for (const auto& [key, value, message] : kBad) {
    EXPECT_THAT(fault_with("localiser", key, value), HasSubstr(message)) << key << " " << value;
  }
}

TEST_F(ModelContentsTest, RefusesPatchSettingsOutOfRange) {
  constexpr BadValue kBad[] = {{"region_scale", "0", "region_scale"},
                               {"region_scale", "100", "region_scale"},
                               {"centre_y", "3", "centre_y"},
                               {"region_side", "0", "region_side"},
                               {"region_side", "4096", "region_side"},
                               {"patch_side", "0", "patch_side"},
                               {"patch_side", "2000", "patch_side"},
                               {"patch_side", "14", "leaves the region"},
                               {"offsets", "[]", "offsets"},
                               {"offsets", "[-1]", "offsets"},
                               {"offsets", "[0.5]", "offsets"},
                               {"offsets", "[0, 0, 0, 0, 0, 0, 0, 0, 0]", "offsets"},
                               {"offsets", "[0, 3]", "leaves the region"},
                               {"mirrored", "1", "mirrored"}};
  for (const auto& [key, value, message] : kBad) {
    EXPECT_THAT(fault_with("patches", key, value), HasSubstr(message)) << key << " " << value;
  }
}

TEST_F(ModelContentsTest, RefusesHeadsThatDoNotFit) {
  constexpr BadValue kBad[] = {{"attributes", R"(["Male", "Male"])", "two attributes"},
                               {"attributes", R"(["Male", ""])", "no name"},
                               {"attributes", R"(["Male", "a\nb"])", "control characters"},
                               {"attributes", R"(["Male", 3])", "not text"},
                               {"attributes", "[]", "attributes"},
                               {"attributes", R"(["Male"])", "2 elements"},
                               {"threshold", "[0.5, 1.5]", "threshold"},
                               {"feature_layer", R"("FC9")", "no layer \"FC9\""},
                               {"feature_layer", R"("P1")", "map of side 4"}};
  for (const auto& [key, value, message] : kBad) {
    EXPECT_THAT(fault_of_head(key, value), HasSubstr(message)) << key << " " << value;
  }
  for (const char* key :
       {"bias", "calibration_a", "calibration_b", "threshold", "threshold_balanced"}) {
    for (const char* value : {"[0.5]", "[0.5, 1e38]", "[0.5, null]", "0.5"}) {
      EXPECT_THAT(fault_of_head(key, value), HasSubstr(key)) << value;
    }
  }
  EXPECT_THAT(fault_after([](json& model) { model["heads"]["a/b"] = model["heads"]["celeba"]; }),
              HasSubstr("name \"a/b\""));
}

TEST_F(ModelContentsTest, RefusesNetworksThatDoNotSuitTheirPart) {
  EXPECT_THAT(fault_after([](json& model) { model["evidence_layer"] = "tugs"; }),
              HasSubstr("no layer \"tugs\""));
  EXPECT_THAT(fault_after([](json& model) { model["response_layer"] = "C9"; }),
              HasSubstr("no layer \"C9\""));
  EXPECT_THAT(fault_of_layer("lnet_o", 0, "batch_norm", "true"), HasSubstr("not folded"));
  EXPECT_THAT(fault_of_layer("lnet_o", 1, "stride", "2"), HasSubstr("different sizes"));
  EXPECT_THAT(fault_of_layer("lnet_o", 0, "kernel", "0"), HasSubstr("kernel"));
  EXPECT_THAT(fault_of_layer("anet", 1, "stride", "3"), HasSubstr("cannot be computed"));
  const auto local_lnet = [](json& model) {
    json& layer = model["networks"]["lnet_o"]["layers"][1];
    layer["kind"] = "local_tiled";
    layer["cells"] = 1;
  };
  EXPECT_THAT(fault_after(local_lnet,
                          [](WeightMap& tensors) {
                            tensors.at("lnet_o/tags.weight").shape = {1, 2, 4, 1, 1};
                            tensors.at("lnet_o/tags.bias").shape = {1, 2};
                          }),
              HasSubstr("neither a convolution nor max pooling"));
  const auto grey = [](WeightMap& tensors) {
    tensors.at("anet/C1.weight") = {{2, 1, 5, 5}, std::vector<float>(50)};
  };
  EXPECT_THAT(
      fault_after([](json& model) { model["networks"]["anet"]["layers"][0]["in_channels"] = 1; },
                  grey),
      HasSubstr("not RGB"));
}

TEST_F(ModelContentsTest, RefusesNetworksThatWouldExhaustMemory) {
  // Few weights, but maps of gigabytes for an ordinary photo.
  const auto widen = [](json& model) {
    json& layers = model["networks"]["lnet_o"]["layers"];
    layers[0]["out_channels"] = 16384;
    layers[1]["in_channels"] = 16384;
    layers[0]["stride"] = 1;
    layers[1]["stride"] = 2;
    layers[0]["kernel"] = 1;
    layers[0]["padding"] = 0;
    model["response_layer"] = "tags";
  };
  EXPECT_THAT(
      fault_after(
          widen,
          [](WeightMap& tensors) {
            tensors["lnet_o/C5.weight"] = {{16384, 3, 1, 1}, std::vector<float>(16384 * 3)};
            tensors["lnet_o/C5.bias"] = {{16384}, std::vector<float>(16384)};
            tensors["lnet_o/tags.weight"] = {{2, 16384, 1, 1}, std::vector<float>(2 * 16384)};
          }),
      HasSubstr("too large"));
}

}  // namespace
}  // namespace facet::detail
