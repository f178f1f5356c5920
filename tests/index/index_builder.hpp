// SPDX-License-Identifier: Apache-2.0
// Fills an index by hand: tests say which faces a photo shows, no model looks at anything.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "index/query/evaluate.hpp"
#include "index/search/query_inputs.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/face_columns.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"
#include "index/store/region_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {

// Probabilities of a face by attribute; 0 where none is given.
using TestFace = std::map<std::string, float>;

class IndexBuilder {
 public:
  explicit IndexBuilder(SqlDatabase& database,
                        std::vector<std::string> attributes = {"Smiling", "Male", "Young"})
      : database_(database), photos_(database) {
    Generation wanted;
    wanted.model = "test 1";
    wanted.checksum = std::string(64, 'a');
    wanted.head = "celeba";
    wanted.precision = "fp32";
    wanted.options = "{}";
    for (const std::string& name : attributes) wanted.attributes.push_back({name});
    SqlTransaction transaction(database_);
    generation_ = GenerationTable(database_).begin(wanted);
    transaction.commit();
  }

  // Content hashes count: the first photo's is 1.
  static ContentHash content(std::uint32_t number) {
    ContentHash hash{};
    hash[0] = static_cast<std::uint8_t>(number >> 8U);
    hash[1] = static_cast<std::uint8_t>(number);
    return hash;
  }
  // Faces stand side by side.
  static StoredBox box(int number) {
    return {static_cast<std::uint16_t>(4000 * number), 10'000, 3000, 5000};
  }

  // One chunk a photo: chunks are small until somebody folds them.
  std::uint32_t add(const std::string& path, const std::vector<TestFace>& faces,
                    std::optional<std::int64_t> taken = {},
                    const std::vector<NamedRegion>& regions = {}) {
    SqlTransaction transaction(database_);
    const std::uint32_t id = insert(path, faces, taken, regions);
    transaction.commit();
    return id;
  }

  std::uint32_t insert(const std::string& path, const std::vector<TestFace>& faces,
                       std::optional<std::int64_t> taken = {},
                       const std::vector<NamedRegion>& regions = {}) {
    PhotoRow photo;
    photo.folder = path.substr(0, path.rfind('/'));
    photo.name = path.substr(path.rfind('/') + 1);
    photo.state = {1000, 2000, 0};
    photo.content = content(++count_);
    photo.look = look;
    photo.taken = taken;
    photo.width = 800;
    photo.height = 600;
    photo.status = faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
    photo.faces = static_cast<int>(faces.size());
    photo.generation = generation_.id;
    const std::uint32_t id = photos_.insert(photo).value();
    std::vector<StoredFace> stored;
    for (const TestFace& face : faces) stored.push_back(make(face, stored.size() + 1));
    std::vector<std::int64_t> columns;
    for (const IndexAttribute& attribute : generation_.attributes) {
      columns.push_back(attribute.column);
    }
    FaceWriter writer(database_, columns);
    writer.append(id, photo_day(photo), stored);
    writer.flush();
    RegionTable(database_).set(id, regions, stored);
    VerdictTable(database_).apply(id, *photo.content, stored);
    return id;
  }

  [[nodiscard]] const Generation& generation() const { return generation_; }

  std::uint64_t look = 0;  // of the photos that follow
  bool features = false;   // store some: those of a face are its probabilities

 private:
  StoredFace make(const TestFace& face, std::size_t number) const {
    StoredFace stored;
    stored.number = static_cast<int>(number);
    stored.box = box(stored.number);
    stored.score = 10 + static_cast<float>(number);
    std::vector<float> values;
    for (const IndexAttribute& attribute : generation_.attributes) {
      const auto known = face.find(attribute.name);
      values.push_back(known == face.end() ? 0.0F : known->second);
      stored.attributes.push_back(stored_probability(values.back()));
    }
    if (features) {
      StoredFeatures like = stored_features(values);
      stored.features = std::move(like.values);
      stored.scale = like.scale;
    }
    return stored;
  }

  SqlDatabase& database_;
  PhotoTable photos_;
  Generation generation_;
  std::uint32_t count_ = 0;
};

}  // namespace facet::detail
