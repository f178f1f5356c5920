// SPDX-License-Identifier: Apache-2.0
// What exported networks are asked, and what facet itself answers.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "facet/image.hpp"

namespace facet::detail::testing {

// A tensor of floats, rows last.
struct Values {
  std::vector<int> sides;
  std::vector<float> numbers;
};

struct EngineCase {
  std::string file;  // of the exported network, e.g. "anet.onnx"
  Values input;
  std::map<std::string, Values> answers;  // facet's, by output
};

// Images of one size as N×3×H×W, 0…255.
Values to_values(std::span<const Image> images);

// Every file that a bundled model is exported to, asked about the faces of the sample photos: any
// batch with two sizes of it, the fixed ones with one image. Answers are facet's at fp32; those of
// ANet are Predictor::describe's probabilities and Predictor::features' features.
std::vector<EngineCase> cases_of(const std::filesystem::path& model);

// The largest difference between two values of these; infinity where their sides differ.
float difference(const Values& one, const Values& other);

}  // namespace facet::detail::testing
