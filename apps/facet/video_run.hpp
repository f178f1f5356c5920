// SPDX-License-Identifier: Apache-2.0
// Videos among the photos of a run.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "facet/model.hpp"
#include "facet/prediction.hpp"
#include "facet/predictor.hpp"
#include "photos/photo_list.hpp"
#include "run_options.hpp"

namespace facet::cli {

struct VideoRunOptions {
  double every = 1;  // seconds
  double until = 0;  // the same; 0: to the end
  bool tracks = false;
};

// --every, --until and --videos.
void add_video_options(CLI::App& command, RunOptions& run, VideoRunOptions& options);
// --tracks
void add_track_option(CLI::App& command, VideoRunOptions& options);

bool has_video(const detail::PhotoList& list);

// What is asked about a frame.
using AskFrame = std::function<PhotoResult(Predictor& predictor, const Image& frame)>;

// A function that looks at a video: gives a result for each frame, in order, or with `tracks` one
// about all of them; one that says why where nothing, or no more, can be read. All that it is given
// here must stay.
std::function<void(const detail::PhotoFile& file, const std::function<void(PhotoResult)>& consume)>
ask_video_by(const std::shared_ptr<const Model>& model, AskFrame ask, const RunOptions& run,
             const VideoRunOptions& options);

}  // namespace facet::cli
