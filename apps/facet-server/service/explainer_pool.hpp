// SPDX-License-Identifier: Apache-2.0
// What explains a model's answers, one for each call at a time; made when they are first needed.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "facet/explain.hpp"

namespace facet::server {

class ExplainerPool {
 public:
  // `concepts` null: none() is true, and explain() must not be called.
  ExplainerPool(std::shared_ptr<const Model> model, std::shared_ptr<const Concepts> concepts,
                Precision precision)
      : model_(std::move(model)), concepts_(std::move(concepts)), precision_(precision) {}

  [[nodiscard]] bool none() const { return concepts_ == nullptr; }

  PhotoExplanation explain(EncodedPhoto& photo, const ExplainOptions& options) {
    std::unique_ptr<Explainer> explainer = take();
    PhotoExplanation result = explainer->explain(photo, options);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(explainer));
    return result;
  }

 private:
  std::unique_ptr<Explainer> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Explainer> explainer = std::move(idle_.back());
        idle_.pop_back();
        return explainer;
      }
    }
    return std::make_unique<Explainer>(model_, concepts_, 1, precision_);
  }

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const Concepts> concepts_;
  Precision precision_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Explainer>> idle_;
};

}  // namespace facet::server
