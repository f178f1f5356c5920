// SPDX-License-Identifier: Apache-2.0
#include "facet/predictor_pool.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

#include "base/error_boundary.hpp"
#include "facet/error.hpp"

namespace facet {

struct PredictorPool::Impl {
  // Makes one where fewer than allowed exist; otherwise waits.
  std::unique_ptr<Predictor> take(const Limits& limits) {
    std::unique_lock lock(mutex);
    const auto ready = [this] { return !idle.empty() || busy < most; };
    const bool there = limits.deadline
                           ? returned.wait_until(lock, limits.stop, *limits.deadline, ready)
                           : returned.wait(lock, limits.stop, ready);
    if (!there) {
      const bool stopped = limits.stop.stop_requested();
      throw Error(
          stopped ? ErrorCode::cancelled : ErrorCode::timed_out,
          stopped ? "the caller asked to stop" : "the deadline passed before a predictor was free");
    }
    ++busy;
    if (!idle.empty()) {
      std::unique_ptr<Predictor> predictor = std::move(idle.back());
      idle.pop_back();
      return predictor;
    }
    lock.unlock();
    try {
      return std::make_unique<Predictor>(model, threads, precision);
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

  void give_back(std::unique_ptr<Predictor> predictor) {
    {
      const std::lock_guard lock(mutex);
      --busy;
      if (predictor) idle.push_back(std::move(predictor));
    }
    returned.notify_one();
  }

  std::shared_ptr<const Model> model;
  int most = 1;
  int threads = 1;
  Precision precision = Precision::automatic;
  std::mutex mutex;
  std::condition_variable_any returned;
  std::vector<std::unique_ptr<Predictor>> idle;
  int busy = 0;
};

PredictorPool::PredictorPool(std::shared_ptr<const Model> model, int predictors, int threads,
                             Precision precision)
    : impl_(std::make_unique<Impl>()) {
  if (predictors < 1) {
    throw Error(ErrorCode::invalid_argument,
                "a pool of " + std::to_string(predictors) + " predictors; it must have at least 1");
  }
  impl_->model = std::move(model);
  impl_->most = predictors;
  impl_->threads = threads;
  impl_->precision = precision;
  // So that giving back cannot fail.
  impl_->idle.reserve(static_cast<std::size_t>(predictors));
  // What cannot work is said now, not at the first photo.
  impl_->idle.push_back(std::make_unique<Predictor>(impl_->model, threads, precision));
}
PredictorPool::~PredictorPool() = default;

PhotoResult PredictorPool::predict(const ImageView& photo, const PredictOptions& options) {
  return take(options.locate.limits)->predict(photo, options);
}

std::vector<PhotoResult> PredictorPool::predict(std::span<const ImageView> photos,
                                                const PredictOptions& options) {
  return take(options.locate.limits)->predict(photos, options);
}

PhotoResult PredictorPool::predict(EncodedPhoto& photo, const PredictOptions& options) {
  return take(options.locate.limits)->predict(photo, options);
}

PhotoResult PredictorPool::locate(const ImageView& photo, const LocateOptions& options) {
  return take(options.limits)->locate(photo, options);
}

PredictorPool::Lease PredictorPool::take(const Limits& limits) {
  return detail::with_own_errors([&] { return Lease(*this, impl_->take(limits)); });
}

int PredictorPool::size() const {
  return impl_->most;
}

int PredictorPool::busy() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->busy;
}

const Model& PredictorPool::model() const {
  return *impl_->model;
}

PredictorPool::Lease::Lease(PredictorPool& pool, std::unique_ptr<Predictor> predictor)
    : pool_(&pool), predictor_(std::move(predictor)) {
}

PredictorPool::Lease::~Lease() {
  if (predictor_) pool_->impl_->give_back(std::move(predictor_));
}

PredictorPool::Lease::Lease(Lease&&) noexcept = default;

}  // namespace facet
