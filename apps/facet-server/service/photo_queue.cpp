// SPDX-License-Identifier: Apache-2.0
#include "service/photo_queue.hpp"

#include <algorithm>
#include <utility>

#include "photos/worker_team.hpp"
#include "service/photo_work.hpp"

namespace facet::server {
namespace {

// As many as facet predict takes: more gains nothing, and lets the first of them wait.
constexpr std::size_t kMostTogether = 4;

}  // namespace

PhotoQueue::PhotoQueue(std::shared_ptr<const Model> model, std::shared_ptr<const Concepts> concepts,
                       const QueueSettings& settings, Metrics& metrics)
    : settings_(settings),
      metrics_(metrics),
      // Photos side by side make better use of cores than cores side by side on a photo.
      pool_(model, settings.threads, 1, settings.precision),
      explainers_(model, std::move(concepts), settings.precision) {
  for (int i = 0; i < settings.threads; ++i) threads_.emplace_back([this] { run(); });
}

PhotoQueue::~PhotoQueue() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    waiting_.clear();
  }
  end_.request_stop();
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool PhotoQueue::add(const std::shared_ptr<PhotoJob>& job) {
  job->answers.resize(job->photos.size());
  job->left = job->photos.size();
  job->queued = PhotoJob::Clock::now();
  {
    const std::lock_guard lock(mutex_);
    // A large request is taken where nothing waits: otherwise it never would be.
    if (!waiting_.empty() && waiting_.size() + job->photos.size() > settings_.most_waiting) {
      return false;
    }
    for (std::size_t i = 0; i < job->photos.size(); ++i) waiting_.push_back({job, i});
    metrics_.set_waiting_photos(waiting_.size());
  }
  changed_.notify_all();
  return true;
}

// The oldest photo, and others with the same wishes; all workers get their share.
std::vector<PhotoQueue::Item> PhotoQueue::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    if (ends_) return {};
    std::erase_if(waiting_, [](const Item& item) { return item.job->stop.stop_requested(); });
    if (!waiting_.empty()) break;
  }
  const std::size_t share =
      detail::share_of(waiting_.size(), static_cast<std::size_t>(settings_.threads), kMostTogether);
  std::vector<Item> items;
  for (auto at = waiting_.begin(); at != waiting_.end() && items.size() < share;) {
    if (items.empty() || at->job->wishes == items.front().job->wishes) {
      items.push_back(std::move(*at));
      at = waiting_.erase(at);
    } else {
      ++at;
    }
  }
  metrics_.set_waiting_photos(waiting_.size());
  return items;
}

void PhotoQueue::run() {
  for (;;) {
    std::vector<Item> items = take();
    if (items.empty()) return;
    describe(std::move(items));
  }
}

void PhotoQueue::describe(std::vector<Item> items) {
  const auto began = PhotoJob::Clock::now();
  std::vector<PhotoTask> tasks;
  for (const Item& item : items) {
    PhotoJob::Clock::duration::rep not_yet = -1;
    item.job->waited.compare_exchange_strong(not_yet, (began - item.job->queued).count());
    tasks.push_back(
        {item.job.get(), &item.job->photos[item.index], &item.job->answers[item.index]});
  }
  std::exception_ptr failure;
  try {
    const PredictorPool::Lease predictor = pool_.take();
    do_tasks(*predictor, explainers_, tasks, settings_.max_pixels, end_.get_token());
  } catch (...) {
    failure = std::current_exception();
  }
  std::size_t faces = 0;
  std::size_t unreadable = 0;
  for (const PhotoTask& task : tasks) {
    faces += task.answer->result.faces.size();
    if (task.answer->result.status == PhotoStatus::unreadable) ++unreadable;
  }
  metrics_.count_photos(items.size(), faces, unreadable, PhotoJob::Clock::now() - began);
  for (Item& item : items) {
    item.job->answers[item.index].result.path = item.job->photos[item.index].name;
    std::vector<std::byte>().swap(item.job->photos[item.index].bytes);
    if (failure) {
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& error) {
        if (!item.job->stop.stop_requested()) item.job->failed(error);
      }
      continue;  // never done
    }
    if (--item.job->left == 0) item.job->done(*item.job);
  }
}

}  // namespace facet::server
