// SPDX-License-Identifier: Apache-2.0
#include "evaluate/photo_workers.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "image/photo_fault.hpp"

namespace facet::detail {
namespace {

// Nothing, and the reason, where the photo cannot be read.
std::optional<ListedPhoto> try_prepare(const EvaluationPhoto& photo, std::string& reason) {
  try {
    return prepare(photo);
  } catch (const Error& error) {
    if (!is_fault_of_photo(error.code())) throw;
    reason = error.what();
    if (reason.empty()) reason = photo.name;
    return std::nullopt;
  }
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::vector<std::string> for_each_photo(
    const std::vector<EvaluationPhoto>& photos, const std::shared_ptr<const Model>& model,
    int threads, Precision precision, const std::string& task, const Progress& progress,
    const std::function<void(Predictor&, const ListedPhoto&, std::size_t index)>& work) {
  return for_each_photo(photos, threads, task, progress, [&]() -> PhotoWork {
    const auto predictor = std::make_shared<Predictor>(model, 1, precision);
    return [&work, predictor](const ListedPhoto& photo, std::size_t index) {
      work(*predictor, photo, index);
    };
  });
}

std::vector<std::string> for_each_photo(const std::vector<EvaluationPhoto>& photos, int threads,
                                        const std::string& task, const Progress& progress,
                                        const std::function<PhotoWork()>& make_work) {
  std::vector<std::string> reasons(photos.size());
  std::size_t done = 0;
  std::mutex lock;
  for_each_worker(photos.size(), threads, [&]() -> IndexedWork {
    return [&, work = make_work()](std::size_t i) {
      if (const auto photo = try_prepare(photos[i], reasons[i])) work(*photo, i);
      const std::scoped_lock guard(lock);
      ++done;
      if (progress) progress(task, done, photos.size());
    };
  });
  std::erase(reasons, std::string());
  return reasons;
}

Box median_window(const std::vector<EvaluationPhoto>& photos, int threads) {
  constexpr int enough = 400;
  std::vector<const EvaluationPhoto*> listed;
  for (const EvaluationPhoto& photo : photos) {
    if (!photo.boxes.empty()) listed.push_back(&photo);
  }
  const std::vector<std::size_t> chosen = spread_evenly(listed.size(), enough);
  std::vector<std::optional<Box>> windows(chosen.size());
  for_each_parallel(chosen.size(), threads, [&](std::size_t i) {
    std::string reason;
    const auto photo = try_prepare(*listed[chosen[i]], reason);
    if (!photo) return;
    const auto width = static_cast<float>(photo->image.width);
    const auto height = static_cast<float>(photo->image.height);
    const Box& box = photo->boxes.front();
    windows[i] = Box{box.x / width, box.y / height, box.width / width, box.height / height};
  });
  std::array<std::vector<double>, 4> sides;
  for (const auto& window : windows) {
    if (!window) continue;
    sides[0].push_back(window->centre_x());
    sides[1].push_back(window->centre_y());
    sides[2].push_back(window->width);
    sides[3].push_back(window->height);
  }
  if (sides[0].empty()) {
    throw Error(ErrorCode::not_found,
                "no readable photo with a listed face to take the constant window from");
  }
  const auto width = static_cast<float>(median(sides[2]));
  const auto height = static_cast<float>(median(sides[3]));
  return {static_cast<float>(median(sides[0])) - width / 2,
          static_cast<float>(median(sides[1])) - height / 2, width, height};
}

Box window_in(const Image& photo, const Box& relative) {
  const auto width = static_cast<float>(photo.width);
  const auto height = static_cast<float>(photo.height);
  return {relative.x * width, relative.y * height, relative.width * width,
          relative.height * height};
}

}  // namespace facet::detail
