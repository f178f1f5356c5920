// SPDX-License-Identifier: Apache-2.0
// A model that takes bright round blobs on dark ground for faces: LNet is one hand-made filter, a
// disc of kBlobHeight pixels with an equally heavy negative ring.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "facet/image.hpp"
#include "facet/model.hpp"
#include "model/model_parts.hpp"

namespace facet::detail::testing {

constexpr int kBlobHeight = 24;

// A directory of its own, removed with its contents.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// LNet as described; C5 has the filter's response (rectified), tags two logits: gain * response -
// bias, and one that is always negative.
NetworkPart blob_network();

// Settings that fit it: threshold 0, min_face 20.
ModelParts blob_parts();

// Through a file, as every model goes.
std::shared_ptr<const Model> load_model(const ModelParts& parts,
                                        const std::map<std::string, NetworkPart>& networks);

// lnet_o alone, or with the same network as lnet_s.
std::shared_ptr<const Model> blob_model(bool with_second_look);

Image flat_photo(int width, int height, std::uint8_t value);
Image noise_photo(int width, int height, unsigned seed);
void draw_blob(Image& photo, float centre_x, float centre_y, float height,
               std::uint8_t value = 255);

}  // namespace facet::detail::testing
