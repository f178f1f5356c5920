// SPDX-License-Identifier: Apache-2.0
// A face a photo as a model sees it: where it is, and its features.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evaluate/paper/paper_options.hpp"
#include "evaluate/paper/paper_sets.hpp"
#include "evaluate/paper/result_store.hpp"
#include "facet/model.hpp"

namespace facet::detail {

struct DescribedFaces {
  StoredRows features;  // the mean over patches; zeros where the photo could not be read
  std::vector<Box> boxes;
  std::vector<int> turns;
  std::vector<bool> readable;
};

// LNet's strongest window of each photo, whatever its score, described by all patches.
StoredTables describe_strongest(const std::shared_ptr<const Model>& model, const std::string& layer,
                                const PaperSet& set, const PaperOptions& options);

// The same at the first box listed for the photo, which an off-the-shelf detector found (UltraFace,
// says the data's own description); in the middle of the photo where it found none.
StoredTables describe_listed(const std::shared_ptr<const Model>& model, const std::string& layer,
                             const PaperSet& set, const PaperOptions& options);

DescribedFaces faces_of(StoredTables tables);

}  // namespace facet::detail
