// SPDX-License-Identifier: Apache-2.0
// A model's networks as files that other engines read.
#pragma once

#include <filesystem>
#include <vector>

namespace facet::detail {

struct ExportOptions {
  bool overwrite = false;  // also files that facet did not write
  bool bare = false;       // ANet takes patches and yields the features that its heads read
  int photo_side = 320;    // of what the fixed LNet_o takes
  std::vector<std::filesystem::path> extra_heads;  // answered by anet.onnx too; none with `bare`
};

// Writes into `folder`, which is made where it is missing, for each network that the model has
// NAME.onnx, which takes any batch, and NAME.fixed.onnx, which takes one image of one size, for
// engines that want to know all sizes (OpenCV's DNN module). lnet_o and lnet_s take photos of any
// size and yield a logit a cell and tag; aligner takes squares and yields the four numbers of a
// pose; anet takes the square around a face and yields probabilities (describer_graph.hpp). All or
// nothing where something stands in the way; each file passes ONNX's checker before any is written.
// Returns the paths. Throws Error: not_found, bad_model, unsupported, io, invalid_argument.
std::vector<std::filesystem::path> export_onnx(const std::filesystem::path& model,
                                               const std::filesystem::path& folder,
                                               const ExportOptions& options = {});

}  // namespace facet::detail
