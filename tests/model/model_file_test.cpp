#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "facet/error.hpp"
#include "model/example_model.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class ModelFileTest : public ::testing::Test {
 protected:
  std::string fault_of_file() {
    try {
      read_model(path_);
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_model) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(path_.string()));
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      return error.what();
    }
  }

  // The fault of a file whose description and tensors were changed, with a checksum that fits.
  std::string fault_after(const std::function<void(json&)>& change,
                          const std::function<void(WeightMap&)>& change_tensors = {}) {
    write_model(path_, example_parts(), example_networks());
    SafetensorsFile file = read_safetensors(path_);
    json description = json::parse(file.metadata.at("facet"));
    if (change) change(description);
    if (change_tensors) change_tensors(file.tensors);
    write_safetensors(path_, file.tensors,
                      {{"format", "facet-model"}, {"facet", description.dump()}}, StoredType::f16);
    return fault_of_file();
  }
  // Values are given as JSON text.
  std::string fault_with(const char* part, const char* key, const char* value) {
    return fault_after([&](json& model) { model[part][key] = json::parse(value); });
  }
  std::string fault_of_head(const char* key, const char* value) {
    return fault_after([&](json& model) { model["heads"]["celeba"][key] = json::parse(value); });
  }
  std::string fault_of_layer(const char* network, std::size_t layer, const char* key,
                             const char* value) {
    return fault_after([&](json& model) {
      model["networks"][network]["layers"][layer][key] = json::parse(value);
    });
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "model.safetensors";
};

TEST_F(ModelFileTest, ReturnsEveryPartAsItWas) {
  const ModelParts parts = example_parts();
  write_model(path_, parts, example_networks());
  const LoadedModel loaded = read_model(path_);
  EXPECT_EQ(loaded.parts.name, parts.name);
  EXPECT_EQ(loaded.parts.version, parts.version);
  EXPECT_EQ(loaded.parts.licence, parts.licence);
  EXPECT_EQ(loaded.parts.provenance, parts.provenance);
  EXPECT_EQ(loaded.parts.evidence_layer, parts.evidence_layer);
  EXPECT_EQ(loaded.parts.response_layer, parts.response_layer);
  EXPECT_EQ(loaded.parts.checksum.size(), 64U);
  const LocaliserSettings& a = parts.localiser;
  const LocaliserSettings& b = loaded.parts.localiser;
  EXPECT_EQ(b.face_height, a.face_height);
  EXPECT_EQ(b.pyramid_factor, a.pyramid_factor);
  EXPECT_EQ(b.stride, a.stride);
  EXPECT_EQ(b.min_face, a.min_face);
  EXPECT_EQ(b.proposal_threshold, a.proposal_threshold);
  EXPECT_EQ(b.threshold, a.threshold);
  EXPECT_EQ(b.refine_side, a.refine_side);
  EXPECT_EQ(b.refine_context, a.refine_context);
  EXPECT_EQ(b.refine_scales, a.refine_scales);
  EXPECT_EQ(b.refine_weight, a.refine_weight);
  EXPECT_EQ(b.box, a.box);
  EXPECT_EQ(loaded.parts.patches.region_scale, parts.patches.region_scale);
  EXPECT_EQ(loaded.parts.patches.centre_y, parts.patches.centre_y);
  EXPECT_EQ(loaded.parts.patches.region_side, parts.patches.region_side);
  EXPECT_EQ(loaded.parts.patches.patch_side, parts.patches.patch_side);
  EXPECT_EQ(loaded.parts.patches.offsets, parts.patches.offsets);
  EXPECT_EQ(loaded.parts.patches.mirrored, parts.patches.mirrored);
  ASSERT_EQ(loaded.parts.heads.size(), 1U);
  const Head& head = loaded.parts.heads.at("celeba");
  const Head& expected = parts.heads.at("celeba");
  EXPECT_EQ(head.name, expected.name);
  EXPECT_EQ(head.feature_layer, expected.feature_layer);
  EXPECT_EQ(head.attributes, expected.attributes);
  EXPECT_EQ(head.weight, expected.weight);  // representable in half precision
  EXPECT_EQ(head.bias, expected.bias);      // these keep single precision
  EXPECT_EQ(head.calibration_a, expected.calibration_a);
  EXPECT_EQ(head.calibration_b, expected.calibration_b);
  EXPECT_EQ(head.threshold, expected.threshold);
  EXPECT_EQ(head.threshold_balanced, expected.threshold_balanced);
}

TEST_F(ModelFileTest, ReturnsEveryNetworkAsItWas) {
  write_model(path_, example_parts(), example_networks());
  const LoadedModel loaded = read_model(path_);
  const auto networks = example_networks();
  ASSERT_EQ(loaded.networks.size(), networks.size());
  for (const auto& [name, part] : networks) {
    const NetworkPart& back = loaded.networks.at(name);
    EXPECT_EQ(to_json(back.spec), to_json(part.spec));
    ASSERT_EQ(back.weights.size(), part.weights.size());
    for (const auto& [tensor, values] : part.weights) {
      EXPECT_EQ(back.weights.at(tensor).shape, values.shape);
      EXPECT_EQ(back.weights.at(tensor).values, values.values);
    }
  }
  EXPECT_EQ(loaded.parts.lnet_o->layer_index("tags"), 1U);
  EXPECT_EQ(loaded.parts.lnet_s->layer_index("C5"), 0U);
  EXPECT_EQ(loaded.parts.anet->layer_index("FC"), 4U);
}

TEST_F(ModelFileTest, WritesTheSameFileAgain) {
  write_model(path_, example_parts(), example_networks());
  const LoadedModel loaded = read_model(path_);
  write_model(folder_ / "again", loaded.parts, loaded.networks);
  EXPECT_EQ(read_all(folder_ / "again"), read_all(path_));
}

TEST_F(ModelFileTest, KeepsModelsThatOnlyLocate) {
  ModelParts parts = example_parts();
  parts.heads.clear();
  auto networks = example_networks();
  networks.erase("lnet_s");
  networks.erase("anet");
  write_model(path_, parts, networks);
  const LoadedModel loaded = read_model(path_);
  EXPECT_TRUE(loaded.parts.lnet_o);
  EXPECT_FALSE(loaded.parts.lnet_s);
  EXPECT_FALSE(loaded.parts.anet);
}

TEST_F(ModelFileTest, RefusesToWriteWhatItCouldNotRead) {
  const auto refused = [&](const std::function<void(ModelParts&)>& change) {
    ModelParts parts = example_parts();
    change(parts);
    EXPECT_THROW(write_model(path_, parts, example_networks()), Error);
    return !std::filesystem::exists(path_);
  };
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.localiser.threshold = NAN; }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").bias.pop_back(); }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").weight.pop_back(); }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").weight[0] = 1e9F; }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.heads.at("celeba").attributes.clear(); }));
  EXPECT_TRUE(refused([](ModelParts& parts) { parts.licence = "\xFF"; }));
  auto networks = example_networks();
  networks["lnet_o"].spec.layers[0].batch_norm = true;
  EXPECT_THROW(write_model(path_, example_parts(), networks), Error);
  networks = example_networks();
  networks["anet"].weights.erase("C3.bias");
  EXPECT_THROW(write_model(path_, example_parts(), networks), Error);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ModelFileTest, NoticesEveryTruncation) {
  write_model(path_, example_parts(), example_networks());
  const std::string whole = read_all(path_);
  for (std::size_t length = 0; length < whole.size(); length += length < 64 ? 1 : 7) {
    write_all(path_, whole.substr(0, length));
    ASSERT_NE(fault_of_file(), "") << length;
  }
}

TEST_F(ModelFileTest, NoticesEveryChangedByte) {
  write_model(path_, example_parts(), example_networks());
  const std::string whole = read_all(path_);
  for (std::size_t at = 0; at < whole.size(); at += at < 8 ? 1 : 3) {
    std::string changed = whole;
    changed[at] ^= static_cast<char>(at % 2 == 0 ? 0x01 : 0xFF);
    write_all(path_, changed);
    ASSERT_NE(fault_of_file(), "") << "byte " << at << " of " << whole.size();
  }
}

TEST_F(ModelFileTest, RefusesFilesOfOtherPrograms) {
  write_safetensors(path_, {{"w", {{1}, {1}}}}, {}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not a facet model"));
  write_safetensors(path_, {{"w", {{1}, {1}}}}, {{"format", "pt"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not a facet model"));
  write_safetensors(path_, {}, {{"format", "facet-model"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not a facet model"));
  write_safetensors(path_, {}, {{"format", "facet-model"}, {"facet", "{"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not valid JSON"));
  write_safetensors(path_, {}, {{"format", "facet-model"}, {"facet", "[]"}}, StoredType::f32);
  EXPECT_THAT(fault_of_file(), HasSubstr("not an object"));
}

TEST_F(ModelFileTest, AcceptsTheUnchangedExample) {
  EXPECT_EQ(fault_after([](json&) {}), "");
}

TEST_F(ModelFileTest, RefusesNewerFormatsAndUnknownFields) {
  EXPECT_THAT(fault_after([](json& model) { model["format_version"] = 2; }), HasSubstr("newer"));
  EXPECT_THAT(fault_after([](json& model) { model["format_version"] = 0; }),
              HasSubstr("format_version"));
  EXPECT_THAT(fault_after([](json& model) { model["extra"] = 0; }),
              HasSubstr("unknown field \"extra\""));
  EXPECT_THAT(fault_after([](json& model) { model["networks"]["enet"] = 0; }),
              HasSubstr("unknown network \"enet\""));
  EXPECT_THAT(fault_after([](json& model) { model["networks"] = json::object(); }),
              HasSubstr("no networks"));
}

TEST_F(ModelFileTest, RefusesMissingFieldsEverywhere) {
  write_model(path_, example_parts(), example_networks());
  const json whole = json::parse(read_safetensors(path_).metadata.at("facet"));
  for (const auto& [key, ignored] : whole.items()) {
    EXPECT_THAT(fault_after([name = key](json& model) { model.erase(name); }), HasSubstr(key));
  }
  for (const char* part : {"localiser", "patches"}) {
    for (const auto& [key, ignored] : whole[part].items()) {
      EXPECT_THAT(fault_after([part, name = key](json& model) { model[part].erase(name); }),
                  HasSubstr("\"" + key + "\" is missing"));
    }
  }
  for (const auto& [key, ignored] : whole["heads"]["celeba"].items()) {
    EXPECT_THAT(fault_after([name = key](json& model) { model["heads"]["celeba"].erase(name); }),
                HasSubstr("\"" + key + "\" is missing"));
  }
}

TEST_F(ModelFileTest, RefusesMissingForeignAndMisshapenTensors) {
  write_model(path_, example_parts(), example_networks());
  for (const auto& [name, ignored] : read_safetensors(path_).tensors) {
    EXPECT_THAT(fault_after({}, [key = name](WeightMap& tensors) { tensors.erase(key); }),
                HasSubstr("\"" + name + "\" is missing"));
    EXPECT_THAT(fault_after({},
                            [key = name](WeightMap& tensors) {
                              tensors.at(key).shape.insert(tensors.at(key).shape.begin(), 1);
                            }),
                HasSubstr("has shape"));
  }
  EXPECT_THAT(fault_after({},
                          [](WeightMap& tensors) {
                            tensors["x"] = {{1}, {1}};
                          }),
              HasSubstr("unknown tensor \"x\""));
  // Right number of values, other shape.
  EXPECT_THAT(fault_after({},
                          [](WeightMap& tensors) {
                            tensors.at("heads/celeba.weight").shape = {3, 2};
                          }),
              HasSubstr("has shape [3,2]"));
  EXPECT_THAT(fault_after({},
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

TEST_F(ModelFileTest, RefusesLocaliserSettingsOutOfRange) {
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

TEST_F(ModelFileTest, RefusesPatchSettingsOutOfRange) {
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

TEST_F(ModelFileTest, RefusesHeadsThatDoNotFit) {
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

TEST_F(ModelFileTest, RefusesNetworksThatDoNotSuitTheirPart) {
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
              HasSubstr("locally shared"));
  const auto grey = [](WeightMap& tensors) {
    tensors.at("anet/C1.weight") = {{2, 1, 5, 5}, std::vector<float>(50)};
  };
  EXPECT_THAT(
      fault_after([](json& model) { model["networks"]["anet"]["layers"][0]["in_channels"] = 1; },
                  grey),
      HasSubstr("not RGB"));
}

TEST_F(ModelFileTest, RefusesNetworksThatWouldExhaustMemory) {
  // Few weights, but maps of gigabytes for an ordinary photo.
  const auto widen = [](json& model) {
    json& layers = model["networks"]["lnet_o"]["layers"];
    layers[0]["out_channels"] = 16384;
    layers[1]["in_channels"] = 16384;
    layers[0]["stride"] = 1;
    layers[1]["stride"] = 2;
    model["response_layer"] = "tags";
  };
  const auto widen_more = [&](json& model) {
    widen(model);
    model["networks"]["lnet_o"]["layers"][0]["kernel"] = 1;
    model["networks"]["lnet_o"]["layers"][0]["padding"] = 0;
  };
  EXPECT_THAT(
      fault_after(
          widen_more,
          [](WeightMap& tensors) {
            tensors["lnet_o/C5.weight"] = {{16384, 3, 1, 1}, std::vector<float>(16384 * 3)};
            tensors["lnet_o/C5.bias"] = {{16384}, std::vector<float>(16384)};
            tensors["lnet_o/tags.weight"] = {{2, 16384, 1, 1}, std::vector<float>(2 * 16384)};
          }),
      HasSubstr("too large"));
}

}  // namespace
}  // namespace facet::detail
