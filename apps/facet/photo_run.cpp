// SPDX-License-Identifier: Apache-2.0
#include "photo_run.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <new>

#include "base/output_file.hpp"
#include "base/printable_text.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/photo_decoder.hpp"
#include "photos/ordered_workers.hpp"
#include "progress_bar.hpp"

namespace facet::cli {
using namespace detail;
namespace {

// What a worker keeps of photos' files: so many, or the first from which on there are so many
// bytes.
constexpr std::size_t most_photos_together = 4;
constexpr std::size_t most_bytes_together = std::size_t{16} << 20;

// Why a photo cannot be shown, without the path that stands beside it anyway.
std::string reason_of(const std::string& message, const std::string& path) {
  const std::string start = path + ": ";
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

PhotoResult unreadable(const PhotoFile& photo, const std::string& message) {
  PhotoResult result;
  result.path = photo.shown;
  result.status = PhotoStatus::unreadable;
  result.reason = reason_of(message, photo.file.string());
  return result;
}

// Larger photos are shown, and taught from, reduced to so many pixels at most, so that memory and
// time stay bounded.
constexpr std::int64_t most_shown_pixels = 36'000'000;

EncodedPhoto read(const std::filesystem::path& file, const RunOptions& options) {
  DecodeOptions decode;
  decode.max_pixels = options.max_pixels;
  decode.tolerant = options.tolerant;
  return EncodedPhoto(read_photo_bytes(file), decode);
}

// The photos among the items that could be read, asked together.
class ItemPhotos {
 public:
  ItemPhotos(const std::vector<PhotoFile>& files, ItemRange items)
      : files_(files), first_(items.first), results_(items.count) {}

  // Asks what was read before the next photo where that is much.
  void read(std::size_t index, const RunOptions& options, const AskPhotos& ask) {
    const PhotoFile& file = files_[index];
    if (!file.fault.empty()) {
      result(index) = unreadable(file, file.fault);
      return;
    }
    try {
      photos_.push_back(cli::read(file.file, options));
      indices_.push_back(index);
      bytes_ += photos_.back().file_size();
    } catch (const Error& error) {
      result(index) = unreadable(file, error.what());
    } catch (const std::bad_alloc&) {
      result(index) = unreadable(file, "not enough memory");
    }
    if (bytes_ >= most_bytes_together) ask_all(ask);
  }

  void ask_all(const AskPhotos& ask) {
    if (photos_.empty()) return;
    std::vector<PhotoResult> answers = ask(indices_, photos_);
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      answers.at(i).path = files_[indices_[i]].shown;
      result(indices_[i]) = std::move(answers[i]);
    }
    indices_.clear();
    photos_.clear();
    bytes_ = 0;
  }

  [[nodiscard]] std::vector<PhotoResult> take_results() { return std::move(results_); }

 private:
  PhotoResult& result(std::size_t index) { return results_[index - first_]; }

  const std::vector<PhotoFile>& files_;
  std::size_t first_;
  std::vector<PhotoResult> results_;
  std::vector<std::size_t> indices_;  // of the photos that wait
  std::vector<EncodedPhoto> photos_;
  std::size_t bytes_ = 0;  // of their files
};

// What the user is told at once about a result. True where the photo is unreadable.
bool tell(const PhotoResult& result, ProgressBar& progress) {
  const bool unreadable = result.status == PhotoStatus::unreadable;
  if (unreadable) {
    progress.message(result.path + ": unreadable: " + result.reason);
  } else if (!result.warning.empty()) {
    progress.message(result.path + ": warning: " + result.warning);
  }
  if (result.faces_left_out > 0) {
    progress.message(result.path + ": " + std::to_string(result.faces_left_out) +
                     " more faces, left out by --max-faces");
  }
  return unreadable;
}

std::size_t ask_together(const std::vector<PhotoFile>& photos, const RunOptions& options,
                         const MakeAskPhotos& make_ask, std::size_t together, bool quiet,
                         const std::function<void(const PhotoResult&)>& consume) {
  ProgressBar progress(photos.size(), quiet);
  const int threads = thread_count(options);
  // Photos side by side make better use of cores than cores side by side on a photo.
  const bool single = photos.size() == 1;
  const int workers = single ? 1 : static_cast<int>(std::min<std::size_t>(threads, photos.size()));
  const auto make_work = [&]() -> Work {
    const AskPhotos ask = make_ask(single ? threads : 1);
    return [&photos, &options, ask](ItemRange items) {
      ItemPhotos group(photos, items);
      for (std::size_t i = 0; i < items.count; ++i) group.read(items.first + i, options, ask);
      group.ask_all(ask);
      return group.take_results();
    };
  };
  std::size_t unreadable_count = 0;
  run_in_order(photos.size(), workers, together, make_work, [&](const PhotoResult& result) {
    if (tell(result, progress)) ++unreadable_count;
    consume(result);
    progress.advance();
  });
  return unreadable_count;
}

// The same of a list that holds videos: photos between them go together.
std::size_t ask_in_turn(const std::vector<PhotoFile>& files, const RunOptions& options,
                        const MakeAskPhotos& make_ask, std::size_t together, bool quiet,
                        const AskVideo& ask_video,
                        const std::function<void(const PhotoResult&)>& consume) {
  std::size_t unreadable_count = 0;
  std::vector<PhotoFile> photos;
  const auto ask_photos_before = [&] {
    if (photos.empty()) return;
    unreadable_count += ask_together(photos, options, make_ask, together, quiet, consume);
    photos.clear();
  };
  for (const PhotoFile& file : files) {
    if (!file.video) {
      photos.push_back(file);
      continue;
    }
    ask_photos_before();
    ProgressBar progress(1, quiet);
    ask_video(file, [&](const PhotoResult& result) {
      if (tell(result, progress)) ++unreadable_count;
      consume(result);
    });
    progress.advance();
  }
  ask_photos_before();
  return unreadable_count;
}

int report(const PhotoList& list, const RunOptions& options, OutputGuard& guard,
           const MakeAskPhotos& make_ask, std::size_t together, const AskVideo& ask_video,
           const MakeWriter& make_writer, bool writes_as_it_goes) {
  OutputFile output(options.output, guard);
  std::int64_t expected = 0;  // bytes that a format keeps back until the end
  const std::unique_ptr<ReportWriter> writer = make_writer(output.stream());
  const bool on_terminal = options.output.empty() && ::isatty(STDOUT_FILENO) == 1;
  const auto write = [&](const PhotoResult& result) {
    writer->add(result);
    output.stream().flush();
    if (writes_as_it_goes) return;
    constexpr std::size_t photo_bytes = 64;
    constexpr std::size_t face_bytes = 256;
    expected += static_cast<std::int64_t>(result.path.size() + photo_bytes +
                                          result.faces.size() * face_bytes);
    output.reserve(expected);
  };
  const bool quiet = writes_as_it_goes && on_terminal;
  const std::size_t unreadable_count =
      ask_video ? ask_in_turn(list.photos, options, make_ask, together, quiet, ask_video, write)
                : ask_together(list.photos, options, make_ask, together, quiet, write);
  writer->finish();
  output.commit();
  return unreadable_count > 0 ? exit_some_unreadable : exit_ok;
}

MakeAskPhotos one_by_one(const MakeAskPhoto& make_ask) {
  return [make_ask](int threads) -> AskPhotos {
    return [ask = make_ask(threads)](std::span<const std::size_t> indices,
                                     std::span<EncodedPhoto> photos) {
      std::vector<PhotoResult> results;
      for (std::size_t i = 0; i < photos.size(); ++i) {
        try {
          results.push_back(ask(indices[i], photos[i]));
        } catch (const Error& error) {
          if (error.code() != ErrorCode::unreadable) throw;
          results.emplace_back();
          results.back().status = PhotoStatus::unreadable;
          results.back().reason = error.what();
        }
      }
      return results;
    };
  };
}

// A result about what was decoded, as one about the photo.
PhotoResult about_full_photo(PhotoResult result, const DecodedPhoto& photo) {
  result.width = photo.full_width;
  result.height = photo.full_height;
  result.warning = photo.warning;
  result.reduce = photo.reduce;
  if (photo.reduce == 1) return result;
  result.min_face *= static_cast<float>(photo.reduce);
  for (Face& face : result.faces) face.box = photo.in_full_photo(face.box);
  return result;
}

}  // namespace

DecodedPhoto decode_to_show(EncodedPhoto& photo) {
  std::int64_t pixels = std::int64_t{photo.facts().width} * photo.facts().height;
  int reduce = 1;
  for (; pixels > most_shown_pixels && reduce < 8; pixels /= 4) reduce *= 2;
  return photo.decode(reduce);
}

PhotoResult about_shown_photo(PhotoResult result, const DecodedPhoto& photo) {
  const auto scale = static_cast<float>(photo.reduce);
  for (Face& face : result.faces) {
    face.box = {(face.box.x - static_cast<float>(photo.offset_x)) / scale,
                (face.box.y - static_cast<float>(photo.offset_y)) / scale, face.box.width / scale,
                face.box.height / scale};
  }
  return result;
}

std::size_t ask_photos(const std::vector<PhotoFile>& photos, const RunOptions& options,
                       const MakeAskPhoto& make_ask, bool quiet,
                       const std::function<void(const PhotoResult&)>& consume) {
  return ask_together(photos, options, one_by_one(make_ask), 1, quiet, consume);
}

std::size_t ask_images(const std::vector<PhotoFile>& photos, const RunOptions& options,
                       const MakeAskImage& make_ask, bool quiet,
                       const std::function<void(const PhotoResult&)>& consume) {
  const MakeAskPhoto with_images = [&make_ask](int threads) -> AskPhoto {
    return [ask = make_ask(threads)](std::size_t index, EncodedPhoto& photo) {
      DecodedPhoto decoded = decode_to_show(photo);
      const Image image = std::move(decoded.image);
      return about_full_photo(ask(index, image), decoded);
    };
  };
  return ask_together(photos, options, one_by_one(with_images), 1, quiet, consume);
}

PhotoList collect_photos(const RunOptions& options) {
  PhotoArguments arguments;
  arguments.paths = options.paths;
  arguments.videos = options.videos;
  if (options.nul) arguments.separator = PathList::Separator::nul;
  PhotoList list = detail::collect_photos(arguments);
  for (const std::string& line : passed_over_texts(list.passed_over)) {
    std::cerr << "facet: " << line << '\n';
  }
  return list;
}

int with_pictures(int code, const std::vector<std::string>& failures) {
  constexpr std::size_t shown = 5;
  for (std::size_t i = 0; i < std::min(shown, failures.size()); ++i) {
    std::cerr << "facet: " << printable_text(failures[i]) << '\n';
  }
  if (failures.size() > shown) {
    std::cerr << "facet: " << failures.size() << " pictures in all could not be written\n";
  }
  return failures.empty() ? code : std::max(code, exit_some_unreadable);
}

int run_photos(const PhotoList& list, const RunOptions& options, OutputGuard& guard,
               const MakeAskPhoto& make_ask, const AskVideo& ask_video,
               const MakeWriter& make_writer, bool writes_as_it_goes) {
  return report(list, options, guard, one_by_one(make_ask), 1, ask_video, make_writer,
                writes_as_it_goes);
}

int run_photos_together(const PhotoList& list, const RunOptions& options, OutputGuard& guard,
                        const MakeAskPhotos& make_ask, const AskVideo& ask_video,
                        const MakeWriter& make_writer, bool writes_as_it_goes) {
  return report(list, options, guard, make_ask, most_photos_together, ask_video, make_writer,
                writes_as_it_goes);
}

}  // namespace facet::cli
