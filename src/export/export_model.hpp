// SPDX-License-Identifier: Apache-2.0
// A model's networks as files that other engines read.
#pragma once

#include <filesystem>
#include <vector>

namespace facet::detail {

// Writes lnet_o.onnx, lnet_s.onnx, aligner.onnx and anet.onnx into `folder`, which is made where it
// is missing: those that the model has; returns their paths. LNets take photos of any size and
// yield a logit a cell and tag; ANet takes patches of the model's size and yields the features that
// its heads ask for; the aligner takes squares and yields the four numbers of a pose. Each file
// names the model, its version, checksum and licence in its metadata. What turns maps into boxes
// and features into attributes stays facet's. Files that facet did not write are replaced only with
// `overwrite`. Throws Error: not_found, bad_model, unsupported, io, invalid_argument.
std::vector<std::filesystem::path> export_onnx(const std::filesystem::path& model,
                                               const std::filesystem::path& folder,
                                               bool overwrite = false);

}  // namespace facet::detail
