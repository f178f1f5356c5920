// SPDX-License-Identifier: Apache-2.0
// A trained network whose heads shall read several of its depths.
#pragma once

#include <string>
#include <vector>

#include "model/model_parts.hpp"

namespace facet::detail {

inline constexpr const char* inserted_depths_name = "depths";

// Puts a layer of kind depths over the layers `of` between the network's last layer and what that
// reads. The last layer's weights for what is new are zeros, so the network answers as before.
// Throws Error(invalid_argument) where the last layer does not read a single vector, a layer in
// `of` is missing, or the network has a layer of that name.
void insert_depths(NetworkPart& network, const std::vector<std::string>& of);

// The network as it was before insert_depths(); one without such a layer stays as it is.
void remove_inserted_depths(NetworkPart& network);

}  // namespace facet::detail
