// SPDX-License-Identifier: Apache-2.0
#include "video_run.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "photos/video/face_tracks.hpp"
#include "photos/video/video_file.hpp"

namespace facet::cli {
using namespace detail;
namespace {

// Frames that wait together for their faces, for each predictor.
constexpr std::size_t frames_each = 2;

// Frames side by side, as photos are.
class FrameAsker {
 public:
  FrameAsker(const std::shared_ptr<const Model>& model, AskFrame ask, Precision precision,
             int threads)
      : ask_(std::move(ask)) {
    for (int i = 0; i < threads; ++i) predictors_.emplace_back(model, 1, precision);
  }

  [[nodiscard]] std::size_t room() const { return frames_each * predictors_.size(); }

  std::vector<PhotoResult> ask(const std::vector<VideoFrame>& frames, const std::string& path) {
    std::vector<PhotoResult> results(frames.size());
    const std::size_t step = predictors_.size();
    for_each_parallel(step, static_cast<int>(step), [&](std::size_t worker) {
      for (std::size_t i = worker; i < frames.size(); i += step) {
        results[i] = ask_(predictors_[worker], frames[i].image);
        results[i].path = path;
        results[i].time = frames[i].time;
      }
    });
    return results;
  }

 private:
  AskFrame ask_;
  std::vector<Predictor> predictors_;
};

std::vector<VideoFrame> next_frames(VideoFile& video, std::size_t most) {
  std::vector<VideoFrame> frames;
  while (frames.size() < most) {
    std::optional<VideoFrame> frame = video.next();
    if (!frame) break;
    frames.push_back(std::move(*frame));
  }
  return frames;
}

PhotoResult unreadable(const std::string& path, const std::string& reason) {
  PhotoResult result;
  result.path = path;
  result.status = PhotoStatus::unreadable;
  result.reason = reason;
  return result;
}

// A result behind time, so that the last one can say what only the end of the video shows.
class LateResults {
 public:
  explicit LateResults(const std::function<void(PhotoResult)>& consume) : consume_(consume) {}
  void add(PhotoResult result) {
    give();
    held_ = std::move(result);
  }
  void finish(const std::string& warning) {
    if (held_) held_->warning = warning;
    give();
  }

 private:
  void give() {
    if (held_) consume_(std::move(*held_));
    held_.reset();
  }
  const std::function<void(PhotoResult)>& consume_;
  std::optional<PhotoResult> held_;
};

void look_at(VideoFile& video, const PhotoFile& file, const VideoRunOptions& options,
             FrameAsker& asker, LateResults& results) {
  FaceTracks tracks(options.every);
  bool any = false;
  for (;;) {
    const std::vector<VideoFrame> frames = next_frames(video, asker.room());
    for (PhotoResult& result : asker.ask(frames, file.shown)) {
      any = true;
      if (options.tracks) {
        tracks.add(result);
      } else {
        results.add(std::move(result));
      }
    }
    if (frames.size() < asker.room()) break;
  }
  if (!any) {
    results.add(
        unreadable(file.shown, video.warning().empty() ? "no frame can be read" : video.warning()));
    results.finish({});
    return;
  }
  if (options.tracks) results.add(tracks.finish());
  results.finish(video.warning());
}

void add_seconds(CLI::App& command, const std::string& name, double& seconds,
                 const std::string& text, const std::string& otherwise) {
  command
      .add_option_function<std::string>(
          name, [&seconds](const std::string& given) { seconds = *parse_seconds(given); }, text)
      ->check([](const std::string& given) {
        return parse_seconds(given) ? std::string()
                                    : "must be a time such as 1s, 500ms or 2m, above 0 and at most "
                                      "24h";
      })
      ->type_name("TIME")
      ->default_str(otherwise);
}

}  // namespace

void add_video_options(CLI::App& command, RunOptions& run, VideoRunOptions& options) {
  add_seconds(command, "--every", options.every, "Of videos a frame each so often", "1s");
  add_seconds(command, "--until", options.until, "Of videos nothing behind this time", "");
  command.add_flag("--videos", run.videos, "Also the videos of folders");
}

void add_track_option(CLI::App& command, VideoRunOptions& options) {
  command.add_flag("--tracks", options.tracks,
                   "Of videos one result each: faces followed over its frames, their probabilities "
                   "averaged");
}

bool has_video(const PhotoList& list) {
  return std::any_of(list.photos.begin(), list.photos.end(),
                     [](const PhotoFile& photo) { return photo.video; });
}

std::function<void(const PhotoFile& file, const std::function<void(PhotoResult)>& consume)>
ask_video_by(const std::shared_ptr<const Model>& model, AskFrame ask, const RunOptions& run,
             const VideoRunOptions& options) {
  const int threads = thread_count(run);
  const auto asker = std::make_shared<FrameAsker>(model, std::move(ask), run.precision, threads);
  return [asker, threads, &run, &options](const PhotoFile& file,
                                          const std::function<void(PhotoResult)>& consume) {
    VideoOptions how;
    how.every = options.every;
    how.until = options.until;
    how.max_pixels = run.max_pixels;
    how.tolerant = run.tolerant;
    how.threads = threads;
    LateResults results(consume);
    try {
      VideoFile video(file.file, how);
      look_at(video, file, options, *asker, results);
    } catch (const Error& error) {
      results.add(unreadable(file.shown, error.what()));
      results.finish({});
    } catch (const std::bad_alloc&) {
      results.add(unreadable(file.shown, "not enough memory"));
      results.finish({});
    }
  };
}

}  // namespace facet::cli
