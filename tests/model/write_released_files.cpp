// SPDX-License-Identifier: Apache-2.0
// Writes a small model and a small head in the present version of their formats, where they are not
// there yet. The files of each version stay in tests/model/released/ for good:
// released_files_test.cpp reads them all.
// Usage: write_released_files FOLDER
#include <cstdio>
#include <exception>
#include <filesystem>

#include "facet/taught_head.hpp"
#include "model/example_model.hpp"

namespace facet::detail {
namespace {

// A network that looks at 8² pixels and says how a face stands.
NetworkPart example_aligner() {
  NetworkPart part = example_network({example_layer("pose", LayerKind::convolution, 3, 4, 8)});
  return part;
}

void write_model_2(const std::filesystem::path& path) {
  ModelParts parts = example_parts();
  parts.alignment = {8, 1.25F, 3};
  auto networks = example_networks();
  networks["aligner"] = example_aligner();
  // What version 1 had not: a layer of kind depths.
  std::vector<Layer>& layers = networks.at("anet").spec.layers;
  layers.push_back(depths_layer("depths", layers, {"C3", "C1"}));
  Head& head = parts.heads.at("celeba");
  head.feature_layer = "depths";
  head.weight = example_tensor({2, 7}).values;
  write_model(path, parts, networks);
}

void write_head_1(const std::filesystem::path& path) {
  TaughtHead head;
  head.name = "Round_Glasses";
  head.model_name = "example";
  head.model_version = "1.2";
  head.anet_checksum = std::string(64, 'a');
  head.feature_layer = "FC";
  head.weight = {0.5F, -1.25F, 2};
  head.bias = -0.75F;
  head.calibration_a = 1.5F;
  head.calibration_b = 0.25F;
  head.threshold = 0.5F;
  head.threshold_balanced = 0.125F;
  head.licence = "research only";
  head.teaching = {60, 20, 10, 0.875F, 0.75F, 0.25F};
  head.write(path);
}

// Released files are never changed.
void write(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  const fs::path model = folder / "model_2.safetensors";
  const fs::path head = folder / "head_1.head";
  if (!fs::exists(model)) write_model_2(model);
  if (!fs::exists(head)) write_head_1(head);
}

}  // namespace
}  // namespace facet::detail

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_released_files FOLDER\n", stderr);
    return 2;
  }
  try {
    facet::detail::write(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_released_files: %s\n", error.what());
    return 2;
  }
  return 0;
}
