// SPDX-License-Identifier: Apache-2.0
// Collections of six photos, written by the tests in each layout.
#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/dataset.hpp"
#include "facet/image.hpp"
#include "image/encode.hpp"

namespace facet::detail::fake {

class Folder {
 public:
  Folder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() /
            ("facet-dataset-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void text(const std::string& name, std::string_view contents) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << contents;
  }
  // A JPEG whatever the extension says: photos are recognised by their contents.
  void photo(const std::string& name, int width = 12, int height = 8, int shade = 128) const {
    Image image(width, height);
    for (auto& value : image.pixels) value = static_cast<std::uint8_t>(shade);
    const auto bytes = encode_jpeg(image, 95);
    text(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  // 000001 … 000006, each a shade brighter.
  void six_photos(const std::string& folder, const std::string& extension) const {
    for (int i = 1; i <= 6; ++i) {
      photo(folder + "/00000" + std::to_string(i) + extension, 12, 8, 30 * i);
    }
  }

 private:
  std::filesystem::path path_;
};

// Three attributes keep the files readable; CelebA's quirks are kept: the count, a space after the
// last name, runs of spaces before positive values.
inline constexpr std::string_view kAttributes =
    "6\n"
    "Bald Male Young \n"
    "000001.jpg -1  1  1\n"
    "000002.jpg  1 -1 -1\n"
    "000003.jpg -1 -1  1\n"
    "000004.jpg  1  1 -1\n"
    "000005.jpg -1 -1 -1\n"
    "000006.jpg  1  1  1\n";
inline constexpr std::string_view kPartitions =
    "000001.jpg 0\n000002.jpg 0\n000003.jpg 0\n000004.jpg 0\n000005.jpg 1\n000006.jpg 2\n";
inline constexpr std::string_view kIdentities =
    "000001.jpg 2880\n000002.jpg 2937\n000003.jpg 8692\n000004.jpg 2880\n000005.jpg 5805\n"
    "000006.jpg 9295\n";
inline constexpr std::string_view kDetectorBoxes =
    "000001.jpg 3 1 4 5 9 2 2 3\n000002.jpg 2.5 1 4 5\n000006.jpg 0 0 12 8\n";

// With CR LF line ends, as files that went through Windows have.
inline std::string with_carriage_returns(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

// The layout of label files beside img_align_celeba.
inline void write_celeba(const Folder& folder) {
  folder.six_photos("img_align_celeba", ".webp");
  folder.text("list_attr_celeba.txt", kAttributes);
  folder.text("list_eval_partition.txt", kPartitions);
  folder.text("identity_CelebA.txt", kIdentities);
  folder.text("list_bbox_detector.txt", kDetectorBoxes);
}

inline std::vector<std::string> messages(const std::vector<Finding>& findings,
                                         Finding::Level level) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) {
    if (finding.level == level) result.push_back(finding.message);
  }
  return result;
}

}  // namespace facet::detail::fake
