// SPDX-License-Identifier: Apache-2.0
// What people said about faces. It is kept apart from what the model predicted, belongs to the
// content of a photo and a place in it, and wins in search, whatever model describes the photo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index/store/face_columns.hpp"
#include "index/store/photo_table.hpp"

namespace facet::detail {

struct Verdict {
  ContentHash content{};
  StoredBox box;
  std::string attribute;
  bool present = false;
};

// About a face that is in the index now.
struct FaceVerdict {
  std::uint32_t photo = 0;
  int number = 0;
  bool present = false;
  std::string attribute;
};

class VerdictTable {
 public:
  explicit VerdictTable(SqlDatabase& database) : database_(database) {}

  // Replaces an earlier verdict about the same box and attribute; does not reach faces by itself.
  void say(const Verdict& verdict);
  // Takes back what was said of that attribute where half of both boxes is common; returns how much
  // that was.
  std::size_t unsay(const ContentHash& content, const StoredBox& box, const std::string& attribute);
  // Says which of a photo's faces the verdicts about its content mean: those that share half of
  // both boxes. To be called when a photo was described, and after say(). Inside a transaction.
  void apply(std::uint32_t photo, const ContentHash& content, std::span<const StoredFace> faces);

  [[nodiscard]] std::vector<Verdict> all() const;
  [[nodiscard]] std::vector<FaceVerdict> about(const std::string& attribute) const;
  [[nodiscard]] std::vector<FaceVerdict> about_faces() const;
  [[nodiscard]] std::vector<FaceVerdict> of_photo(std::uint32_t photo) const;
  // Gone with a photo or a face that is forgotten.
  void forget(const ContentHash& content);
  void forget(const ContentHash& content, const StoredBox& box);

 private:
  SqlDatabase& database_;
};

}  // namespace facet::detail
