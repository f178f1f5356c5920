// SPDX-License-Identifier: Apache-2.0
// Folders of tiny photos, and somebody who finds faces in them without a model: a photo says itself
// what it shows.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "index/run/index_run.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {

// A PNG of 32 × 24 pixels that shows one face for each number: how probably it smiles, 0…255.
// Photos with another `background` have another content.
void write_test_photo(const std::filesystem::path& file, const std::vector<int>& smiles,
                      int background = 0);

// Finds what write_test_photo() wrote. Throws after `fails_after` photos where that is not 0.
class TestDescriber {
 public:
  DescribePhotos describe();
  [[nodiscard]] int asked() const { return asked_; }  // photos so far
  void forget_asked() { asked_ = 0; }
  void fail_after(int photos) { fails_after_ = photos; }
  void slow_down(std::chrono::milliseconds each) { pause_ = each; }

 private:
  std::atomic<int> asked_{0};
  std::atomic<int> fails_after_{0};
  std::chrono::milliseconds pause_{0};
};

Generation test_generation(const std::string& checksum = "a");

}  // namespace facet::detail
