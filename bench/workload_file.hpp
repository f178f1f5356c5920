// SPDX-License-Identifier: Apache-2.0
// Network inputs and expected outputs as files, for engines that run in programs of their own.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "network/network.hpp"
#include "network_inputs.hpp"

namespace facet::bench {
using namespace detail;

// FOLDER/workload.json lists the batches: photo, network, count, height, width, offset into
// images.bin (bytes R G B), and where an answer is known its channels, height, width and offset
// into answers.bin (floats, N×H×W×C).
class WorkloadFile {
 public:
  explicit WorkloadFile(const std::filesystem::path& folder);

  void add(std::size_t photo, const NetworkBatch& batch, const FeatureMap* answer);
  // Throws Error(io) where anything could not be written.
  void finish();

 private:
  std::filesystem::path folder_;
  std::ofstream images_;
  std::ofstream answers_;
  std::size_t image_bytes_ = 0;
  std::size_t answer_floats_ = 0;
  nlohmann::json batches_ = nlohmann::json::array();
};

}  // namespace facet::bench
