// SPDX-License-Identifier: Apache-2.0
#include "index/photo_folder.hpp"

#include <stdexcept>
#include <thread>

#include "image/encode.hpp"

namespace facet::detail {

void write_test_photo(const std::filesystem::path& file, const std::vector<int>& smiles,
                      int background) {
  Image photo(32, 24);
  std::fill(photo.pixels.begin(), photo.pixels.end(), static_cast<std::uint8_t>(background));
  photo.row(0)[0] = static_cast<std::uint8_t>(smiles.size());
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    photo.row(0)[3 * (i + 1)] = static_cast<std::uint8_t>(smiles[i]);
  }
  const std::vector<std::byte> bytes = encode_png(photo);
  std::filesystem::create_directories(file.parent_path());
  write_all(file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

DescribePhotos TestDescriber::describe() {
  return [this](std::span<const Image> photos) {
    std::vector<PhotoResult> results;
    for (const Image& photo : photos) {
      if (++asked_ > fails_after_ && fails_after_ > 0) throw std::runtime_error("interrupted");
      std::this_thread::sleep_for(pause_);
      PhotoResult result;
      result.width = photo.width;
      result.height = photo.height;
      for (int i = 0; i < photo.row(0)[0]; ++i) {
        Face face;
        face.box = {static_cast<float>(i * 8), 4, 6, 8};
        face.score = static_cast<float>(20 - i);
        const float smiling = static_cast<float>(photo.row(0)[3 * (i + 1)]) / 255;
        face.attributes.push_back({"Smiling", smiling, 0.5F, smiling >= 0.5F});
        result.faces.push_back(face);
      }
      result.status = result.faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
      results.push_back(std::move(result));
    }
    return results;
  };
}

Generation test_generation(const std::string& checksum) {
  Generation generation;
  generation.model = "test 1";
  generation.checksum = checksum;
  generation.head = "celeba";
  generation.precision = "fp32";
  generation.options = "{}";
  generation.attributes.push_back({"Smiling"});
  return generation;
}

}  // namespace facet::detail
