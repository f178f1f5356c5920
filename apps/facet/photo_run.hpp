// SPDX-License-Identifier: Apache-2.0
// One run over photos: read, ask, write, in order.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "facet/encoded_photo.hpp"
#include "facet/prediction.hpp"
#include "facet/predictor.hpp"
#include "facet/report.hpp"
#include "photos/photo_list.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;

// What a command does with a photo whose header could be read. May also draw pictures of it. What
// cannot be decoded may throw Error(unreadable).
using AskPhoto = std::function<PhotoResult(std::size_t index, EncodedPhoto& photo)>;
// Called once in each worker with the threads that one photo may use.
using MakeAskPhoto = std::function<AskPhoto(int threads)>;

// The same with a few photos at a time: a result each, in order.
using AskPhotos = std::function<std::vector<PhotoResult>(std::span<const std::size_t> indices,
                                                         std::span<EncodedPhoto> photos)>;
using MakeAskPhotos = std::function<AskPhotos(int threads)>;
using MakeWriter = std::function<std::unique_ptr<ReportWriter>(std::ostream&)>;

// The same with the pixels of one photo.
using AskImage = std::function<PhotoResult(std::size_t index, const Image& photo)>;
using MakeAskImage = std::function<AskImage(int threads)>;

// What a command does with a video: gives one or more results, in order.
using AskVideo =
    std::function<void(const PhotoFile& file, const std::function<void(PhotoResult)>& consume)>;

// A photo's pixels for pictures of it: of very large photos a reduced one.
DecodedPhoto decode_to_show(EncodedPhoto& photo);
// A result with its boxes in pixels of that.
PhotoResult about_shown_photo(PhotoResult result, const DecodedPhoto& photo);

// Asks several photos at once; the results come in the order of the photos. Unreadable ones become
// results that say why, and a message; returns how many there were. Faulty entries of the list are
// among them. `quiet`: without a bar.
std::size_t ask_photos(const std::vector<PhotoFile>& photos, const RunOptions& options,
                       const MakeAskPhoto& make_ask, bool quiet,
                       const std::function<void(const PhotoResult&)>& consume);
std::size_t ask_images(const std::vector<PhotoFile>& photos, const RunOptions& options,
                       const MakeAskImage& make_ask, bool quiet,
                       const std::function<void(const PhotoResult&)>& consume);

// The photos of the command line. Says what was passed over in folders.
PhotoList collect_photos(const RunOptions& options);

// Says which pictures could not be written; returns the exit code of a run that ended with `code`.
int with_pictures(int code, const std::vector<std::string>& failures);

// As ask_photos, written as a report; returns the exit code. Throws before any photo is asked where
// the guard refuses the output.
// `writes_as_it_goes`: the format shows results before the end of the run.
// Videos of the list are given to `ask_video`, one at a time, in their place; without it they are
// unreadable photos.
int run_photos(const PhotoList& list, const RunOptions& options, OutputGuard& guard,
               const MakeAskPhoto& make_ask, const AskVideo& ask_video,
               const MakeWriter& make_writer, bool writes_as_it_goes);
// The same; each worker keeps a few photos, fewer where they are large, and asks them together.
int run_photos_together(const PhotoList& list, const RunOptions& options, OutputGuard& guard,
                        const MakeAskPhotos& make_ask, const AskVideo& ask_video,
                        const MakeWriter& make_writer, bool writes_as_it_goes);

}  // namespace facet::cli
