// SPDX-License-Identifier: Apache-2.0
// Do the parts of a model fit together? Each alone has been checked before.
#pragma once

#include <map>
#include <string>

#include "model/model_parts.hpp"

namespace facet::detail {

// The part names a model may have: lnet_o, lnet_s, aligner, anet.
bool is_network_name(const std::string& name);

// Throws Error(bad_model) where networks lack layers that settings name, would need absurd memory,
// do not map patches to single feature vectors, or heads do not fit these.
void check_parts(const ModelParts& parts, const std::map<std::string, NetworkPart>& networks);

}  // namespace facet::detail
