// SPDX-License-Identifier: Apache-2.0
// Writes what the committed models say about samples/ into tests/predict/samples/MODEL.csv, which
// samples_test.cpp holds them to. Run it after a change that is meant to move answers, and look at
// the difference before it is committed.
// Usage: write_golden_samples [MODEL...]   (default: best fast paper)
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "facet/model.hpp"
#include "predict/golden_samples.hpp"

int main(int argc, char** argv) {
  const std::filesystem::path root = FACET_SOURCE_DIR;
  std::vector<std::string> names(argv + 1, argv + argc);
  if (names.empty()) names = {"best", "fast", "paper"};
  try {
    for (const std::string& name : names) {
      const auto model = facet::Model::load(root / "models" / (name + ".safetensors"));
      const auto golden = facet::golden::predict_samples(model, root / "samples");
      const auto file = root / "tests/predict/samples" / (name + ".csv");
      facet::golden::write_golden(file, golden);
      std::printf("%s: %zu faces\n", file.c_str(), golden.faces.size());
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_golden_samples: %s\n", error.what());
    return 2;
  }
  return 0;
}
