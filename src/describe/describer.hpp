// SPDX-License-Identifier: Apache-2.0
// ANet (paper 3.2): features of overlapping patches of face regions.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "describe/aligner.hpp"
#include "facet/box.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "image/turned_square.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// The square around a face from which patches are cut (may reach over the border), turned as the
// face is.
TurnedSquare face_region(const FacePose& pose, const PatchSettings& settings);

// The patches of a region, in the order offsets y-major, x-minor, then the same mirrored.
std::vector<Image> cut_patches(const ImageView& photo, const FacePose& pose,
                               const PatchSettings& settings);

// Not thread-safe (scratch memory); one a thread.
class Describer {
 public:
  explicit Describer(std::shared_ptr<const Model> model, Precision precision = Precision::fp32);
  ~Describer();
  Describer(Describer&&) noexcept;

  // Feature vectors of the patches of each box, box after box: boxes × patches × features. Models
  // with an aligner look at the face as it stands near the box, upright.
  // Each region goes through ANet in one pass where its layers and offsets allow it and that is
  // cheaper, else patch by patch.
  std::vector<float> features(const ImageView& photo, std::span<const Box> boxes,
                              const std::string& layer);
  // The same of faces in several photos: they go through ANet, and through the aligner, together,
  // and a face's features do not depend on the others'.
  std::vector<float> features(std::span<const FaceInPhoto> faces, const std::string& layer);
  [[nodiscard]] bool in_one_pass() const;
  [[nodiscard]] int patches_per_face() const;
  [[nodiscard]] int feature_size(const std::string& layer) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
