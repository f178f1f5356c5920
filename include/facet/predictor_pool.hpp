// SPDX-License-Identifier: Apache-2.0
// Predictors for many threads, e.g. of a server.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "facet/api.hpp"
#include "facet/predictor.hpp"

namespace facet {

// Thread-safe. A call takes a predictor that is free, or waits for one; the limits of the call's
// options end the wait as well.
class FACET_API PredictorPool {
 public:
  // `predictors` at most work at once, each with `threads` cores; they are made when first needed.
  // Throws as Predictor does, and Error(invalid_argument) for a number below 1.
  PredictorPool(std::shared_ptr<const Model> model, int predictors, int threads = 1,
                Precision precision = Precision::automatic);
  // No call may be under way.
  ~PredictorPool();
  PredictorPool(const PredictorPool&) = delete;
  PredictorPool& operator=(const PredictorPool&) = delete;

  // As the predictor's own.
  PhotoResult predict(const ImageView& photo, const PredictOptions& options = {});
  std::vector<PhotoResult> predict(std::span<const ImageView> photos,
                                   const PredictOptions& options = {});
  PhotoResult predict(EncodedPhoto& photo, const PredictOptions& options = {});
  PhotoResult locate(const ImageView& photo, const LocateOptions& options = {});

  // A predictor of one's own for a while; it goes back when the lease ends, in any thread.
  class FACET_API Lease {
   public:
    ~Lease();
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) = delete;
    Predictor& operator*() const { return *predictor_; }
    Predictor* operator->() const { return predictor_.get(); }

   private:
    friend class PredictorPool;
    Lease(PredictorPool& pool, std::unique_ptr<Predictor> predictor);
    PredictorPool* pool_;
    std::unique_ptr<Predictor> predictor_;
  };
  Lease take(const Limits& limits = {});

  [[nodiscard]] int size() const;  // most that work at once
  [[nodiscard]] int busy() const;  // that work now
  [[nodiscard]] const Model& model() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet
