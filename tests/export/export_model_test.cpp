// SPDX-License-Identifier: Apache-2.0
// The files that a model becomes.
#include "export/export_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/onnx_reader.hpp"
#include "facet/error.hpp"
#include "model/example_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail::testing {
namespace {

std::filesystem::path example_file(const TemporaryFolder& folder) {
  write_model(folder / "example.safetensors", example_parts(), example_networks());
  return folder / "example.safetensors";
}

TEST(ExportModel, WritesAFileANetwork) {
  const TemporaryFolder folder;
  const auto out = folder / "new" / "folder";
  const auto files = export_onnx(example_file(folder), out);
  EXPECT_THAT(files, ::testing::UnorderedElementsAre(out / "lnet_o.onnx", out / "lnet_s.onnx",
                                                     out / "anet.onnx"));
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

TEST(ExportModel, YieldsLogitsAndFeatures) {
  const TemporaryFolder folder;
  export_onnx(example_file(folder), folder / "out");
  const OnnxFile lnet = read_onnx(read_all(folder / "out" / "lnet_o.onnx"));
  const OnnxFile anet = read_onnx(read_all(folder / "out" / "anet.onnx"));
  EXPECT_EQ(lnet.outputs.count("tags"), 1U);
  EXPECT_EQ(lnet.outputs.size(), 1U);
  EXPECT_EQ(anet.outputs.count("FC"), 1U);
  EXPECT_EQ(anet.inputs.at("input")[2], "12");  // the model's patch_side
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
