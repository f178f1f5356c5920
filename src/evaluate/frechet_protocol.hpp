// SPDX-License-Identifier: Apache-2.0
// `facet eval frechet A B`: how far two folders of photos are apart in the features of a named
// network, with what two halves of one folder show as the floor.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/onnx/onnx_features.hpp"
#include "evaluate/photo_workers.hpp"
#include "facet/model.hpp"

namespace facet::detail {

struct FrechetOptions {
  std::filesystem::path first;
  std::filesystem::path second;
  std::shared_ptr<const Model> model;
  std::string head = "celeba";                // whose features are taken
  std::optional<OnnxRequestedFeatures> onnx;  // instead of the model: whole photos through this
  int threads = 1;
  int limit = 0;  // at most so many photos a folder, spread evenly; 0: all
  Precision precision = Precision::fp32;
  std::optional<std::filesystem::path> out;  // folder for frechet.csv
  bool overwrite = false;
  Progress progress;
};

struct FrechetReport {
  std::size_t photos[2] = {0, 0};  // that were read
  std::size_t features = 0;
  double distance = 0;  // of all photos
  // With half of the photos on either side: A against B, and the floors, one half of a folder
  // against its other half. A distance near the floor is none.
  double of_halves = 0;
  double floor[2] = {0, 0};
  std::string described;  // whose features, and of what
  std::vector<std::string> unreadable;
};

// Each photo by the strongest face in it, whatever its score; of an ONNX model the whole photo.
// Throws Error(not_found) where a
// folder holds fewer than four photos.
FrechetReport measure_frechet(const FrechetOptions& options);

// Measures; with options.out writes frechet.csv.
EvaluationResult evaluate_frechet(const FrechetOptions& options);

}  // namespace facet::detail
