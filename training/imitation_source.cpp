// SPDX-License-Identifier: Apache-2.0
#include "imitation_source.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "facet/error.hpp"
#include "format/safetensors.hpp"

namespace facet::training {
namespace {

constexpr const char* kTensor = "features";
constexpr const char* kPhotos = "photos";  // metadata: their names, a line each

void standardise(std::vector<float>& values, std::size_t rows, std::size_t size) {
  for (std::size_t f = 0; f < size; ++f) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const double value = values[i * size + f];
      sum += value;
      squares += value * value;
    }
    const double mean = sum / static_cast<double>(rows);
    const double variance = squares / static_cast<double>(rows) - mean * mean;
    const double scale = variance > 1e-10 ? 1 / std::sqrt(variance) : 0;
    for (std::size_t i = 0; i < rows; ++i) {
      float& value = values[i * size + f];
      value = static_cast<float>((value - mean) * scale);
    }
  }
}

}  // namespace

const float* KeptFeatures::find(const std::string& photo) const {
  const auto row = rows.find(photo);
  return row == rows.end() ? nullptr : values.data() + row->second * size;
}

KeptFeatures read_kept_features(const std::filesystem::path& path) {
  auto file = read_safetensors(path);
  const auto tensor = file.tensors.find(kTensor);
  const auto photos = file.metadata.find(kPhotos);
  if (tensor == file.tensors.end() || tensor->second.shape.size() != 2 ||
      photos == file.metadata.end()) {
    throw Error(ErrorCode::bad_model, path.string() + ": holds no features of photos");
  }
  KeptFeatures kept;
  kept.size = static_cast<std::size_t>(tensor->second.shape[1]);
  kept.values = std::move(tensor->second.values);
  std::istringstream names(photos->second);
  for (std::string name; std::getline(names, name);) kept.rows.emplace(name, kept.rows.size());
  if (kept.rows.size() != static_cast<std::size_t>(tensor->second.shape[0])) {
    throw Error(ErrorCode::bad_model, path.string() + ": names " +
                                          std::to_string(kept.rows.size()) + " photos for " +
                                          std::to_string(tensor->second.shape[0]) + " rows");
  }
  standardise(kept.values, kept.rows.size(), kept.size);
  return kept;
}

void write_kept_features(const std::filesystem::path& path, const std::vector<std::string>& photos,
                         std::size_t size, std::vector<float> values) {
  std::string names;
  for (const auto& photo : photos) names += photo + '\n';
  WeightMap tensors;
  tensors[kTensor] = {{static_cast<std::int64_t>(photos.size()), static_cast<std::int64_t>(size)},
                      std::move(values)};
  write_safetensors(path, tensors, {{kPhotos, names}}, StoredType::f16);
}

ImitationSource::ImitationSource(std::vector<Faces> packs, std::uint64_t seed,
                                 FaceSettings settings)
    : packs_(std::move(packs)), seed_(seed), settings_(settings), order_(seed, 1) {
  for (const Faces& faces : packs_) {
    if (size_ != 0 && faces.features.size != size_) {
      throw Error(ErrorCode::invalid_argument,
                  "pack '" + faces.pack.pack->name + "' has features of another size");
    }
    size_ = faces.features.size;
    for (const auto& photo : faces.pack.pack->photos) {
      const FoundWindow* window = window_of(faces.pack, photo);
      const float* features = faces.features.find(photo.name);
      if (window != nullptr && features != nullptr) entries_.push_back({&photo, *window, features});
    }
  }
  if (entries_.empty()) {
    throw Error(ErrorCode::invalid_argument, "no photo with a teacher's features");
  }
  order_ = EpochOrder(seed, entries_.size());
}

std::int64_t ImitationSource::epoch_size() const {
  return static_cast<std::int64_t>(entries_.size());
}

Batch ImitationSource::draw(std::int64_t step, int size) const {
  const int side = settings_.crop.patch_side;
  Batch batch{torch::empty({size, side, side, 3}, torch::kUInt8),
              torch::empty({size, static_cast<std::int64_t>(size_)}, torch::kFloat32)};
  const std::int64_t bytes = static_cast<std::int64_t>(side) * side * 3;
  for (int i = 0; i < size; ++i) {
    const std::int64_t position = step * size + i;
    const Entry& entry = entries_[order_.at(position)];
    Random random(seed_, static_cast<std::uint64_t>(position), 3);
    draw_patch(*entry.photo, entry.window, settings_, random,
               batch.photos.data_ptr<std::uint8_t>() + i * bytes);
    std::copy_n(entry.features, size_,
                batch.targets.data_ptr<float>() + static_cast<std::size_t>(i) * size_);
  }
  return batch;
}

}  // namespace facet::training
