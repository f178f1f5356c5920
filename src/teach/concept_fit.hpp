// SPDX-License-Identifier: Apache-2.0
// What a model's neurons stand for, from labelled photos of people whom its networks were not tuned
// on (paper, section 4.3 and its figure of mean faces).
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dataset/dataset.hpp"
#include "explain/concept_parts.hpp"
#include "facet/model.hpp"
#include "teach/sparse_head.hpp"

namespace facet::detail {

struct ConceptFitSettings {
  int threads = 1;
  int limit = 0;  // at most so many photos a collection, spread evenly; 0: all
  std::function<void(const std::string& task, std::size_t done, std::size_t total)> progress;
};

struct ConceptFit {
  ConceptParts parts;
  std::map<std::string, SparseHeads> heads;
  std::vector<std::string> unreadable;  // a line a photo
};

// `data` holds the folders celeba and lfwa; the second is needed where the model has a head lfwa.
// Neurons are compared on CelebA's validation people. Of these, and of LFWA's training people,
// those choose the sparse heads who chose the model's heads. The same for the same photos, whatever
// the threads. Throws Error(not_found) where there are no such photos.
ConceptFit fit_concepts(const std::shared_ptr<const Model>& model,
                        const std::filesystem::path& data, const ConceptFitSettings& settings);

}  // namespace facet::detail
