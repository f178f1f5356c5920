// SPDX-License-Identifier: Apache-2.0
// The ways of telling attributes that table 1 compares, each as its answers about a set of photos.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/paper/answer_counts.hpp"
#include "evaluate/paper/attribute_planes.hpp"
#include "evaluate/paper/paper_context.hpp"
#include "evaluate/paper/short_training.hpp"

namespace facet::detail {

struct ComparedMethod {
  std::string name;
  // None where the method cannot be had for this set.
  std::function<std::optional<AnswerCounts>(const std::string& set)> answers;
  std::string network = {};  // the checksum of a network that no model holds
  int seed = 1;              // of a training that was repeated
};

// best, fast, paper; each of the first and last at a detector's boxes; FaceTracer-like; majority;
// and what short training left, seed by seed.
std::vector<ComparedMethod> compared_methods(PaperContext& context);

// Always the more frequent label of the very set.
AnswerCounts majority_answers(const PaperSet& set);

// In the manner of FaceTracer: gradients and colours of regions, a linear SVM an attribute, fitted
// to the part of the photos that `paper` fits its SVMs to; at the boxes of `paper`.
AnswerCounts facetracer_answers(PaperContext& context, const std::string& set);

// The names of stages of recipes/paper_rows.toml that tune with tags: identities first, and
// without. The number of a seed follows, 1 to kSeeds.
constexpr const char* kIdentitiesFirst = "rows_anet_";
constexpr const char* kFromNothing = "rows_scratch_";
constexpr int kSeeds = 3;

// What those say about a set, by the seeds that are there.
Seeds seeds_of(PaperContext& context, const std::string& prefix, const std::string& set);

// A network of recipes/paper_rows.toml: linear SVMs on FC of the middle patch and its mirror image,
// fitted as above. None where the stage was not run.
std::optional<AnswerCounts> stage_answers(PaperContext& context, const std::string& stage,
                                          const std::string& set);

// Planes fitted to the photos that a set's labels allow (CelebA: validation people, LFWA: its
// training part), as a stored step.
AttributePlanes fitted_planes(PaperContext& context, const std::string& name,
                              const std::string& labels, const nlohmann::json& settings,
                              const std::function<const StoredRows&(const std::string& set)>& rows);

}  // namespace facet::detail
