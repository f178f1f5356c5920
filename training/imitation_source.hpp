// SPDX-License-Identifier: Apache-2.0
// Faces with what a teacher sees in them: ANet learns to give at its own input size the features
// that a larger network gives at its own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "face_source.hpp"

namespace facet::training {

// A row of features a photo, as stages of kind teacher keep them.
struct KeptFeatures {
  std::map<std::string, std::size_t> rows;  // by the photo's name
  std::size_t size = 0;                     // of a row
  std::vector<float> values;

  [[nodiscard]] const float* find(const std::string& photo) const;
};

// Of zero mean and unit variance over the file's photos. Throws Error naming the file.
KeptFeatures read_kept_features(const std::filesystem::path& path);
// Atomically, float16.
void write_kept_features(const std::filesystem::path& path, const std::vector<std::string>& photos,
                         std::size_t size, std::vector<float> values);

class ImitationSource : public SampleSource {
 public:
  struct Faces {
    FacePack pack;
    KeptFeatures features;
  };
  // Photos without features are passed over. Throws Error(invalid_argument) where none is left, or
  // the packs' features differ in size.
  ImitationSource(std::vector<Faces> packs, std::uint64_t seed, FaceSettings settings);

  // Targets are the features, float32.
  [[nodiscard]] Batch draw(std::int64_t step, int size) const override;
  [[nodiscard]] std::int64_t epoch_size() const override;
  [[nodiscard]] int outputs() const override { return static_cast<int>(size_); }

 private:
  struct Entry {
    const PackedPhoto* photo;
    FoundWindow window;
    const float* features;
  };
  std::vector<Faces> packs_;
  std::vector<Entry> entries_;
  std::size_t size_ = 0;
  std::uint64_t seed_;
  FaceSettings settings_;
  EpochOrder order_;
};

}  // namespace facet::training
