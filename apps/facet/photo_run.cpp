#include "photo_run.hpp"

#include <unistd.h>

#include <algorithm>
#include <new>

#include "exit_code.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"
#include "output_file.hpp"
#include "progress_bar.hpp"
#include "workers.hpp"

namespace facet::cli {
namespace {

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

PhotoResult ask_one(const PhotoFile& file, std::size_t index, const DecodeOptions& decode,
                    const AskPhoto& ask) {
  Image photo;
  try {
    photo = read_image(file.file, decode);
  } catch (const Error& error) {
    return unreadable(file, error.what());
  } catch (const std::bad_alloc&) {
    return unreadable(file, "not enough memory");
  }
  PhotoResult result = ask(index, photo);
  result.path = file.shown;
  return result;
}

}  // namespace

std::size_t ask_photos(const std::vector<PhotoFile>& photos, const RunOptions& options,
                       const MakeAskPhoto& make_ask, bool quiet,
                       const std::function<void(const PhotoResult&)>& consume) {
  ProgressBar progress(photos.size(), quiet);
  const DecodeOptions decode{options.max_pixels};
  const int threads = thread_count(options);
  // Photos side by side make better use of cores than cores side by side on a photo.
  const bool single = photos.size() == 1;
  const int workers = single ? 1 : static_cast<int>(std::min<std::size_t>(threads, photos.size()));
  const auto make_work = [&]() -> Work {
    const AskPhoto ask = make_ask(single ? threads : 1);
    return [&photos, decode, ask](std::size_t i) { return ask_one(photos[i], i, decode, ask); };
  };
  std::size_t unreadable_count = 0;
  run_in_order(photos.size(), workers, make_work, [&](const PhotoResult& result) {
    if (result.status == PhotoStatus::unreadable) {
      ++unreadable_count;
      progress.message(result.path + ": unreadable: " + result.reason);
    }
    consume(result);
    progress.advance();
  });
  return unreadable_count;
}

int run_photos(const std::vector<PhotoFile>& photos, const RunOptions& options,
               const MakeAskPhoto& make_ask, const MakeWriter& make_writer,
               bool writes_as_it_goes) {
  OutputFile output(options.output);
  const std::unique_ptr<ReportWriter> writer = make_writer(output.stream());
  const bool on_terminal = options.output.empty() && ::isatty(STDOUT_FILENO) == 1;
  const std::size_t unreadable_count = ask_photos(
      photos, options, make_ask, writes_as_it_goes && on_terminal, [&](const PhotoResult& result) {
        writer->add(result);
        output.stream().flush();
      });
  writer->finish();
  output.commit();
  return unreadable_count > 0 ? exit_some_unreadable : exit_ok;
}

}  // namespace facet::cli
