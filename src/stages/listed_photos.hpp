// SPDX-License-Identifier: Apache-2.0
// Photos of a collection whose faces are listed, on which numbers are fitted.
#pragma once

#include <functional>
#include <vector>

#include "dataset/dataset.hpp"

namespace facet::detail {

// Of partition 0, those to keep; at most `limit`, spread evenly; 0: all. Point into `collection`.
std::vector<const LabelledPhoto*> photos_with_boxes(
    const Collection& collection, int limit, const std::function<bool(const LabelledPhoto&)>& keep);

}  // namespace facet::detail
