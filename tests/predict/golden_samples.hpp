// SPDX-License-Identifier: Apache-2.0
// What a committed model says about the photos in samples/, as a file keeps it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "facet/box.hpp"
#include "facet/model.hpp"

namespace facet::golden {

struct GoldenFace {
  std::string photo;  // file name in samples/
  Box box;
  float score = 0;
  std::vector<float> probabilities;  // of the head celeba, in its order
};

struct GoldenSamples {
  std::vector<std::string> attributes;  // forty names
  std::vector<GoldenFace> faces;        // photo after photo, strongest first
};

// At single precision, so that every processor says the same but for rounding.
GoldenSamples predict_samples(const std::shared_ptr<const Model>& model,
                              const std::filesystem::path& samples);

// CSV: photo,x,y,width,height,score and a column for each attribute. read_golden throws
// std::runtime_error that names file and line.
void write_golden(const std::filesystem::path& file, const GoldenSamples& samples);
GoldenSamples read_golden(const std::filesystem::path& file);

// The 29 faces of solvay_1927.jpg, boxed by hand.
std::vector<Box> solvay_boxes();

}  // namespace facet::golden
