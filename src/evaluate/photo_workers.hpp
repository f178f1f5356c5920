// SPDX-License-Identifier: Apache-2.0
// Many photos at once, each worker with a predictor of its own.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evaluate/photo_sets.hpp"
#include "facet/predictor.hpp"

namespace facet::detail {

using Progress = std::function<void(const std::string& task, std::size_t done, std::size_t total)>;

// Calls `work` for each photo that could be read, from `threads` threads; `work` may write to
// places of its own index without locks. Returns a line a photo that could not be read. The first
// other failure ends the run and is thrown.
std::vector<std::string> for_each_photo(
    const std::vector<EvaluationPhoto>& photos, const std::shared_ptr<const Model>& model,
    int threads, Precision precision, const std::string& task, const Progress& progress,
    const std::function<void(Predictor&, const ListedPhoto&, std::size_t index)>& work);

// The same for work that needs more than a predictor: `make_work` is called once by each thread.
using PhotoWork = std::function<void(const ListedPhoto&, std::size_t index)>;
std::vector<std::string> for_each_photo(const std::vector<EvaluationPhoto>& photos, int threads,
                                        const std::string& task, const Progress& progress,
                                        const std::function<PhotoWork()>& make_work);

// The median place and size of the dominant faces, relative to the photo's, over at most 400 photos
// spread evenly. A constant window made so has seen the boxes of the very set it is measured on: a
// privileged baseline.
Box median_window(const std::vector<EvaluationPhoto>& photos, int threads);
// A relative box in the pixels of a photo.
Box window_in(const Image& photo, const Box& relative);

}  // namespace facet::detail
