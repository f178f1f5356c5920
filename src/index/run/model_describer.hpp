// SPDX-License-Identifier: Apache-2.0
// A model as an index uses it: what is asked for, and what the index was made with where nothing is
// asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facet/model.hpp"
#include "facet/predictor.hpp"
#include "index/run/photo_examination.hpp"
#include "index/store/generation_table.hpp"

namespace facet::detail {

// What a user said; what is not said is as the index has it, else the usual.
struct DescribeWishes {
  std::optional<std::string> head;
  std::optional<Precision> precision;
  std::optional<float> threshold;
  std::optional<float> min_face;
  std::optional<Proposals> proposals;
  std::optional<bool> features;
  std::vector<std::string> extra_heads;  // files
};

class ModelDescriber {
 public:
  // Throws Error where a head is missing or does not fit the model.
  ModelDescriber(std::shared_ptr<const Model> model, const DescribeWishes& wishes,
                 const std::optional<Generation>& known);

  [[nodiscard]] const Generation& generation() const { return generation_; }
  // True where vectors are kept that faces can be compared by.
  [[nodiscard]] bool features() const { return options_.features; }
  // For one thread, on one core.
  [[nodiscard]] DescribePhotos make() const;
  // The features of the strongest face of a photo; empty where there is none.
  [[nodiscard]] std::vector<float> features_of(const Image& photo) const;

 private:
  std::shared_ptr<const Model> model_;
  Precision precision_ = Precision::automatic;
  PredictOptions options_;
  Generation generation_;
};

}  // namespace facet::detail
