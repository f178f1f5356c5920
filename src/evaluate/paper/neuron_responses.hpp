// SPDX-License-Identifier: Apache-2.0
// What single neurons of an ANet say about faces: its layers C3, C4 and FC.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evaluate/paper/described_faces.hpp"
#include "model/model_parts.hpp"
#include "network/network.hpp"

namespace facet::detail {

// The layers that responses are taken from: C3 and C4 averaged over a grid of cells (3×3 and 2×2,
// as the paper shares their filters), FC as it is.
const std::vector<std::string>& response_layers();

// Of the middle patch of each face and of its mirror image, averaged, at the boxes given: photos ×
// neurons, a table a layer. `patches` says how the network's training cut faces. Throws
// Error(bad_model) where the network has other layers.
StoredTables neuron_responses(const Network& network, const PatchSettings& patches,
                              const PaperSet& set, const DescribedFaces& faces,
                              const PaperOptions& options);

}  // namespace facet::detail
