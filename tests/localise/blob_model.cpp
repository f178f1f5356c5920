// SPDX-License-Identifier: Apache-2.0
#include "localise/blob_model.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace facet::detail::testing {
namespace {

constexpr int kKernel = 40;
constexpr int kStride = 8;
constexpr float kGain = 20;
constexpr float kBias = 8;

std::vector<float> disc_and_ring() {
  constexpr float kRadius = static_cast<float>(kBlobHeight) / 2;
  constexpr float kRing = static_cast<float>(kKernel) / 2;
  std::vector<float> sign(kKernel * kKernel, 0.0F);
  float inside = 0;
  float around = 0;
  for (int y = 0; y < kKernel; ++y) {
    for (int x = 0; x < kKernel; ++x) {
      const float distance =
          std::hypot(static_cast<float>(x) + 0.5F - kRing, static_cast<float>(y) + 0.5F - kRing);
      float& value = sign[static_cast<std::size_t>(y * kKernel + x)];
      if (distance <= kRadius) {
        value = 1;
        ++inside;
      } else if (distance <= kRing) {
        value = -1;
        ++around;
      }
    }
  }
  for (float& value : sign) value /= 3 * (value > 0 ? inside : around);
  return sign;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "facet-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

NetworkPart blob_network() {
  NetworkPart part;
  part.spec.mean = 127.5F;  // what lies beyond the border is grey
  part.spec.scale = 1.0F / 255;
  Layer c5;
  c5.name = "C5";
  c5.in_channels = 3;
  c5.out_channels = 1;
  c5.kernel = kKernel;
  c5.stride = kStride;
  c5.padding = (kKernel - kStride) / 2;
  c5.relu = true;
  Layer tags;
  tags.name = "tags";
  tags.in_channels = 1;
  tags.out_channels = 2;
  part.spec.layers = {c5, tags};

  WeightTensor filter{{1, 3, kKernel, kKernel}, {}};
  const std::vector<float> plane = disc_and_ring();
  for (int c = 0; c < 3; ++c) {
    filter.values.insert(filter.values.end(), plane.begin(), plane.end());
  }
  part.weights["C5.weight"] = filter;
  part.weights["C5.bias"] = {{1}, {0}};
  part.weights["tags.weight"] = {{2, 1, 1, 1}, {kGain, -1}};
  part.weights["tags.bias"] = {{2}, {-kBias, -1}};
  return part;
}

ModelParts blob_parts() {
  ModelParts parts;
  parts.name = "blobs";
  parts.version = std::string("1");  // GCC 12 warns, wrongly, of a plain literal
  parts.licence = "Apache-2.0";
  parts.localiser.face_height = kBlobHeight;
  parts.localiser.stride = kStride;
  parts.localiser.min_face = 20;
  parts.localiser.refine_side = 72;
  parts.localiser.refine_context = 3;
  parts.localiser.box = {0, 0, 1, 1};
  return parts;
}

std::shared_ptr<const Model> load_model(const ModelParts& parts,
                                        const std::map<std::string, NetworkPart>& networks) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "model.safetensors";
  write_model(file, parts, networks);
  return Model::load(file);
}

std::shared_ptr<const Model> blob_model(bool with_second_look) {
  std::map<std::string, NetworkPart> networks{{"lnet_o", blob_network()}};
  if (with_second_look) networks["lnet_s"] = blob_network();
  return load_model(blob_parts(), networks);
}

Image flat_photo(int width, int height, std::uint8_t value) {
  Image photo(width, height);
  std::fill(photo.pixels.begin(), photo.pixels.end(), value);
  return photo;
}

Image noise_photo(int width, int height, unsigned seed) {
  Image photo(width, height);
  std::mt19937 random(seed);
  for (std::uint8_t& value : photo.pixels) value = static_cast<std::uint8_t>(random() % 256);
  return photo;
}

void draw_blob(Image& photo, float centre_x, float centre_y, float height, std::uint8_t value) {
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const float distance = std::hypot(static_cast<float>(x) + 0.5F - centre_x,
                                        static_cast<float>(y) + 0.5F - centre_y);
      const float cover = std::clamp(height / 2 - distance + 0.5F, 0.0F, 1.0F);
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& pixel = photo.row(y)[x * 3 + c];
        pixel = static_cast<std::uint8_t>(
            std::lround(std::lerp(static_cast<float>(pixel), static_cast<float>(value), cover)));
      }
    }
  }
}

}  // namespace facet::detail::testing
