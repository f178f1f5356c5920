// SPDX-License-Identifier: Apache-2.0
// The files that a model becomes.
#include "export/export_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "export/onnx_reader.hpp"
#include "facet/error.hpp"
#include "facet/taught_head.hpp"
#include "heads/taught_head_match.hpp"
#include "model/example_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail::testing {
namespace {

using Sides = std::vector<std::string>;

std::filesystem::path example_file(const TemporaryFolder& folder) {
  write_model(folder / "example.safetensors", example_parts(), example_networks());
  return folder / "example.safetensors";
}

void write_example_head(const std::filesystem::path& model, const std::string& name,
                        const std::filesystem::path& file) {
  TaughtHead head;
  head.name = name;
  head.model_name = "example";
  head.model_version = "1.2";
  head.anet_checksum = describer_checksum(read_model_parts(model));
  head.feature_layer = "FC";
  head.weight = {0.5F, -1, 2};
  head.licence = "research only";
  head.write(file);
}

TEST(ExportModel, WritesTwoFilesANetwork) {
  const TemporaryFolder folder;
  const auto out = folder / "new" / "folder";
  const auto files = export_onnx(example_file(folder), out);
  EXPECT_THAT(files, ::testing::UnorderedElementsAre(out / "lnet_o.onnx", out / "lnet_o.fixed.onnx",
                                                     out / "lnet_s.onnx", out / "lnet_s.fixed.onnx",
                                                     out / "anet.onnx", out / "anet.fixed.onnx"));
  for (const auto& file : files) EXPECT_TRUE(std::filesystem::exists(file)) << file;
}

TEST(ExportModel, NamesModelLicenceAndChecksum) {
  const TemporaryFolder folder;
  const auto model = example_file(folder);
  export_onnx(model, folder / "out");
  const OnnxFile file = read_onnx(read_all(folder / "out" / "lnet_s.onnx"));
  EXPECT_EQ(file.metadata.at("model"), "example");
  EXPECT_EQ(file.metadata.at("version"), "1.2");
  EXPECT_EQ(file.metadata.at("licence"), "research only");
  EXPECT_EQ(file.metadata.at("network"), "lnet_s");
  EXPECT_EQ(file.metadata.at("checksum"), read_model(model).parts.checksum);
}

TEST(ExportModel, YieldsLogitsAndProbabilities) {
  const TemporaryFolder folder;
  export_onnx(example_file(folder), folder / "out");
  const OnnxFile lnet = read_onnx(read_all(folder / "out" / "lnet_o.onnx"));
  const OnnxFile anet = read_onnx(read_all(folder / "out" / "anet.onnx"));
  EXPECT_EQ(lnet.outputs.count("tags"), 1U);
  EXPECT_EQ(lnet.outputs.size(), 1U);
  EXPECT_EQ(anet.inputs.at("input"), (Sides{"batch", "3", "14", "14"}));  // a whole region
  EXPECT_EQ(anet.outputs.at("celeba"), (Sides{"batch", "2"}));
  EXPECT_EQ(anet.outputs.at("features"), (Sides{"batch", "3"}));
}

TEST(ExportModel, FixesEverySideOfTheTwins) {
  const TemporaryFolder folder;
  ExportOptions options;
  options.photo_side = 48;
  export_onnx(example_file(folder), folder / "out", options);
  const auto input = [&](const char* name) {
    return read_onnx(read_all(folder / "out" / name)).inputs.at("input");
  };
  EXPECT_EQ(input("lnet_o.fixed.onnx"), (Sides{"1", "3", "48", "48"}));
  EXPECT_EQ(input("lnet_s.fixed.onnx"), (Sides{"1", "3", "16", "16"}));  // refine_side
  EXPECT_EQ(input("anet.fixed.onnx"), (Sides{"1", "3", "14", "14"}));
}

TEST(ExportModel, WritesBareNetworksWhereAsked) {
  const TemporaryFolder folder;
  ExportOptions options;
  options.bare = true;
  export_onnx(example_file(folder), folder / "out", options);
  const OnnxFile anet = read_onnx(read_all(folder / "out" / "anet.onnx"));
  EXPECT_EQ(anet.outputs.count("FC"), 1U);
  EXPECT_EQ(anet.inputs.at("input")[2], "12");  // the model's patch_side
  EXPECT_EQ(anet.metadata.count("labels"), 0U);
}

TEST(ExportModel, SaysHowToCutAFaceAndWhatTheAnswersMean) {
  const TemporaryFolder folder;
  export_onnx(example_file(folder), folder / "out");
  const auto metadata = read_onnx(read_all(folder / "out" / "anet.onnx")).metadata;
  const auto crop = nlohmann::json::parse(metadata.at("crop"));
  EXPECT_EQ(crop.at("side"), 14);
  EXPECT_EQ(crop.at("heights"), 1.45);
  EXPECT_EQ(crop.at("centre_down"), -0.08);
  const auto labels = nlohmann::json::parse(metadata.at("labels"));
  EXPECT_EQ(labels.at("celeba"), (std::vector<std::string>{"Smiling", "Male"}));
  const auto thresholds = nlohmann::json::parse(metadata.at("thresholds")).at("celeba");
  EXPECT_EQ(thresholds.at("accuracy"), (std::vector<double>{0.5, 0.45}));
  EXPECT_EQ(thresholds.at("balanced"), (std::vector<double>{0.2, 0.3}));
}

TEST(ExportModel, AnswersForTaughtHeads) {
  const TemporaryFolder folder;
  const auto model = example_file(folder);
  write_example_head(model, "Hat", folder / "hat.head");
  ExportOptions options;
  options.extra_heads = {folder / "hat.head"};
  export_onnx(model, folder / "out", options);
  const OnnxFile anet = read_onnx(read_all(folder / "out" / "anet.onnx"));
  EXPECT_EQ(anet.outputs.at("Hat"), (Sides{"batch", "1"}));
  EXPECT_EQ(nlohmann::json::parse(anet.metadata.at("labels")).at("Hat").at(0), "Hat");
}

TEST(ExportModel, RefusesHeadsWhoseNamesOrModelsDoNotFit) {
  const TemporaryFolder folder;
  const auto model = example_file(folder);
  ExportOptions options;
  options.extra_heads = {folder / "bad.head"};
  for (const char* name : {"celeba", "FC", "features", "input"}) {
    write_example_head(model, name, folder / "bad.head");
    EXPECT_THROW(export_onnx(model, folder / "out", options), Error) << name;
  }
  write_example_head(model, "Hat", folder / "bad.head");
  ModelParts other = example_parts();
  other.patches.centre_y = 0.3F;
  write_model(folder / "other.safetensors", other, example_networks());
  try {
    export_onnx(folder / "other.safetensors", folder / "out", options);
    ADD_FAILURE() << "a head of another model was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("bad.head"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "out")) << "nothing before the work is done";
}

TEST(ExportModel, WritesTheAlignerForSquaresOfItsSide) {
  const TemporaryFolder folder;
  ModelParts parts = example_parts();
  parts.alignment.side = 10;
  auto networks = example_networks();
  networks["aligner"] = example_network({example_layer("pose", LayerKind::convolution, 3, 4, 10)});
  write_model(folder / "m.safetensors", parts, networks);
  export_onnx(folder / "m.safetensors", folder / "out");
  const OnnxFile file = read_onnx(read_all(folder / "out" / "aligner.onnx"));
  EXPECT_EQ(file.inputs.at("input")[2], "10");
  EXPECT_EQ(file.outputs.count("pose"), 1U);
}

TEST(ExportModel, RefusesAMissingModel) {
  const TemporaryFolder folder;
  EXPECT_THROW(export_onnx(folder / "none.safetensors", folder / "out"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST(ExportModel, RefusesAFolderThatIsAFile) {
  const TemporaryFolder folder;
  const auto model = example_file(folder);
  EXPECT_THROW(export_onnx(model, model), Error);
}

}  // namespace
}  // namespace facet::detail::testing
