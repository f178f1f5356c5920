// SPDX-License-Identifier: Apache-2.0
// The weights of a TensorFlow.js graph model: NAME.json and the file of numbers beside it.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

namespace facet::training {

// Tensors by name, float32, in TensorFlow's order of axes; integers are left out. Reads float32 and
// weights quantised to float16. Throws Error(not_found, io, bad_model) naming the file and what is
// wrong with it.
std::map<std::string, torch::Tensor> read_tfjs_weights(const std::filesystem::path& graph);

}  // namespace facet::training
