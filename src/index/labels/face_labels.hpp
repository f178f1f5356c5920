// SPDX-License-Identifier: Apache-2.0
// Faces of an index with what was predicted of them and, apart from it, what people said.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/sql/sql_database.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"
#include "index/store/region_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {

// An attribute of a face.
struct FaceLabel {
  float probability = 0;     // predicted; 0 for what the model does not know
  bool predicted = false;    // whether that reaches the attribute's threshold
  std::optional<bool> said;  // by a person

  [[nodiscard]] bool present() const { return said.value_or(predicted); }
};

struct LabelledFace {
  int number = 0;
  StoredBox box;
  float score = 0;
  std::string person;             // where somebody named it
  std::vector<FaceLabel> labels;  // as LabelReader::names()
};

struct LabelledPhotoRow {
  PhotoRow photo;
  std::vector<LabelledFace> faces;
};

// The caller keeps a SqlReading open meanwhile.
class LabelReader {
 public:
  // `attributes` as they were typed; none: all of the index, and with `said` also those that only
  // people spoke of. Throws Error: not_found (the index is empty), invalid_argument (no such
  // attribute).
  LabelReader(SqlDatabase& database, const std::vector<std::string>& attributes);

  [[nodiscard]] const Generation& generation() const { return generation_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  // All faces of the photo.
  LabelledPhotoRow read(const PhotoRow& photo);

  // The faces that the model is least sure of, most uncertain first, at most so many; those that
  // people have said all of are left out, and copies. A photo comes where its first face does, with
  // those of its faces that are among them.
  std::vector<LabelledPhotoRow> most_uncertain(const std::vector<PhotoRow>& photos,
                                               std::size_t count);

 private:
  SqlDatabase& database_;
  Generation generation_;
  std::vector<std::string> names_;
  std::vector<float> thresholds_;      // above 1 for what the model does not know
  std::vector<std::int64_t> columns_;  // 0 for it
  FaceSnapshot snapshot_;
  std::multimap<std::uint32_t, FaceVerdict> verdicts_;  // by photo
};

}  // namespace facet::detail
