// SPDX-License-Identifier: Apache-2.0
// Packs written by tests: small photos of flat colour with a bright square, or given ones.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "image/encode.hpp"

namespace facet::training {
using namespace detail;

class SmallPacks {
 public:
  SmallPacks()
      : folder_(std::filesystem::temp_directory_path() /
                ("facet-packs-" + std::to_string(::getpid()) + "-" + std::to_string(counter()++))) {
    std::filesystem::create_directories(folder_ / "out");
  }
  ~SmallPacks() { std::filesystem::remove_all(folder_); }
  SmallPacks(const SmallPacks&) = delete;
  SmallPacks& operator=(const SmallPacks&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }

  // `labels`: a text of 0, 1, ? a photo; categories and identities count up in pairs.
  void add(const std::string& name, int photos, int side, const std::string& labels) const {
    std::vector<Image> images;
    for (int i = 0; i < photos; ++i) images.push_back(bright_square(i, side));
    add(name, images, labels);
  }

  // The same of given photos.
  void add(const std::string& name, const std::vector<Image>& images,
           const std::string& labels) const {
    std::ofstream shard(folder_ / (name + "-000.shard"), std::ios::binary);
    std::ofstream index(folder_ / (name + ".index.csv"));
    index << "name,shard,offset,length,width,height,identity,category,partition,labels\n";
    std::size_t offset = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
      const auto bytes = encode_jpeg(images[i], 95);
      shard.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
      index << i << ".jpg,0," << offset << ',' << bytes.size() << ',' << images[i].width << ','
            << images[i].height << ',' << i / 2 << ',' << i / 2 % 2 << ','
            << (i + 4 >= images.size() ? 1 : 0) << ',' << labels << '\n';
      offset += bytes.size();
    }
    std::ofstream(folder_ / (name + ".json"))
        << R"({"name":")" << name << R"(","kind":"test","attributes":["a","b"],"shards":[")" << name
        << R"(-000.shard"],"photos":)" << images.size() << "}";
  }

 private:
  static Image bright_square(int i, int side) {
    Image photo(side, side);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const bool inside = std::abs(x - side / 2) < side / 4 && std::abs(y - side / 2) < side / 4;
        for (int c = 0; c < 3; ++c) {
          photo.row(y)[x * 3 + c] =
              static_cast<std::uint8_t>(inside ? 200 + i % 40 : (i * 37 + c * 50) % 160);
        }
      }
    }
    return photo;
  }
  static int& counter() {
    static int value = 0;
    return value;
  }
  std::filesystem::path folder_;
};

}  // namespace facet::training
