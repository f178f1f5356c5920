// SPDX-License-Identifier: Apache-2.0
// What a teacher sees in packed faces: pooled maps of HSE-FaceRes at several depths, and of an ANet
// of ours.
#pragma once

#include <torch/torch.h>

#include <optional>
#include <string>
#include <vector>

#include "face_res.hpp"
#include "face_source.hpp"
#include "reduced_precision.hpp"
#include "trainable_network.hpp"

namespace facet::training {

// A rectangle around the upright face, stretched to the network's square.
struct TeacherView {
  float width = 0.79F;  // in heights of the face's box: the box, a tenth wider
  float height = 1.1F;
  std::vector<int> means;  // blocks whose maps are averaged
  std::vector<int> grids;  // blocks whose maps are averaged over 3×3 cells
};

struct TeacherSettings {
  std::vector<TeacherView> views;
  bool mirrored = false;  // the mean of a face and its mirror image
  LayerPrecision precision = LayerPrecision::bf16;
  int batch = 32;
  int threads = 2;
};

// An ANet of ours as a stage left it, and how its faces are cropped.
struct OwnNetwork {
  TrainableNetwork network{nullptr};
  FaceSettings faces;
  std::vector<std::string> layers;  // whose maps are averaged
};

struct FaceToDescribe {
  const PackedPhoto* photo;
  FoundWindow window;
};

class TeacherFeatures {
 public:
  // `faces`: where a face's box lies in its window. Throws Error where a view or a layer does not
  // fit.
  TeacherFeatures(FaceRes teacher, std::optional<OwnNetwork> own, FaceSettings faces,
                  TeacherSettings settings);

  [[nodiscard]] std::int64_t size() const { return size_; }
  // A row a face, float16. Not thread-safe: it uses all threads itself.
  [[nodiscard]] torch::Tensor describe(const std::vector<FaceToDescribe>& faces);
  // Of such rows: what the first view says of a block whose mean it takes.
  [[nodiscard]] torch::Tensor mean_of(const torch::Tensor& rows, int block) const;

 private:
  torch::Tensor describe_batch(const FaceToDescribe* faces, std::int64_t count);
  // The rectangle of each face, [N, 3, 224, 224], values 0…255.
  torch::Tensor draw(const FaceToDescribe* faces, std::int64_t count,
                     const TeacherView& view) const;
  torch::Tensor draw_own(const FaceToDescribe* faces, std::int64_t count) const;

  FaceRes teacher_;
  std::optional<OwnNetwork> own_;
  FaceSettings faces_;
  TeacherSettings settings_;
  std::int64_t size_ = 0;
};

}  // namespace facet::training
