// SPDX-License-Identifier: Apache-2.0
// One face a photo and what ANet sees in it: what heads are fitted to and measured on.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "facet/predictor.hpp"

namespace facet::detail {

// Not thread-safe (scratch memory); one a thread.
class StrongestFace {
 public:
  explicit StrongestFace(std::shared_ptr<const Model> model, Precision precision = Precision::fp32,
                         int threads = 1);
  ~StrongestFace();
  StrongestFace(StrongestFace&&) noexcept;

  // LNet's strongest window of each photo, whatever its score, described by all patches. A vector a
  // layer: photos × patches × features. Equal to photo by photo, bit for bit.
  std::vector<std::vector<float>> features(std::span<const Image> photos,
                                           std::span<const std::string> layers);
  std::vector<float> features(const Image& photo, const std::string& layer);

  // The faces that `options` find and, of the strongest, the features (empty without a face).
  struct Found {
    PhotoResult result;
    std::vector<float> features;
  };
  Found find(const Image& photo, const LocateOptions& options, const std::string& layer);
  // The same of the face whose place among the found ones `choose` says, -1 for none; the others
  // are dropped.
  using ChooseFace = std::function<int(const PhotoResult&)>;
  Found find(const Image& photo, const LocateOptions& options, const std::string& layer,
             const ChooseFace& choose);

  [[nodiscard]] int patches_per_face() const;
  [[nodiscard]] int feature_size(const std::string& layer) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
