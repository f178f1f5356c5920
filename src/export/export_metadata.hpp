// SPDX-License-Identifier: Apache-2.0
// What an exported network says about itself: ONNX's metadata_props.
#pragma once

#include <map>
#include <span>
#include <string>

#include "model/model_parts.hpp"

namespace facet::detail {

// Keys and values of `network` (lnet_o, lnet_s, aligner or anet), as docs/onnx.md lists them: the
// model with version, checksum and licence, what the input is and how it is cut from a photo, what
// the outputs mean. Values of several numbers are JSON. `heads`: those whose probabilities ANet's
// file yields; none where it yields the layers alone.
std::map<std::string, std::string> export_metadata(const std::string& network,
                                                   const ModelParts& parts, const NetworkSpec& spec,
                                                   std::span<const Head> heads);

}  // namespace facet::detail
