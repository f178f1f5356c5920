// SPDX-License-Identifier: Apache-2.0
#include "index/store/face_snapshot.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace facet::detail {
namespace {

template <typename Value>
Value value_of(SqlBytes bytes) {
  Value value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

// The few bytes of one face in some columns, asked for in one statement: a server may be far.
class FacePieces {
 public:
  FacePieces(std::int64_t chunk, std::size_t row) : chunk_(chunk), row_(row) {}

  // take(bytes) is called by read() where the chunk has the column.
  void add(std::int64_t column, std::size_t width, std::function<void(SqlBytes)> take) {
    const auto parameter = [&](std::size_t at) {
      return '$' + std::to_string(parameters_.size() + at);
    };
    // substr() counts from 1.
    sql_ += (takes_.empty() ? "SELECT" : ",");
    sql_ += " (SELECT substr(data, CAST(" + parameter(2) + " AS INTEGER), CAST(" + parameter(3) +
            " AS INTEGER)) FROM face_column WHERE id = " + parameter(1) + ")";
    parameters_.insert(parameters_.end(),
                       {face_column_id(column, chunk_), row_ * width + 1, width});
    takes_.push_back(std::move(take));
  }

  void read(SqlDatabase& database) const {
    database.run(sql_, parameters_, [&](const SqlRow& row) {
      for (std::size_t i = 0; i < takes_.size(); ++i) {
        const auto column = static_cast<int>(i);
        if (!row.is_null(column)) takes_[i](row.bytes(column));
      }
    });
  }

 private:
  std::int64_t chunk_;
  std::size_t row_;
  std::string sql_;
  std::vector<SqlParameter> parameters_;
  std::vector<std::function<void(SqlBytes)>> takes_;
};

}  // namespace

FaceSnapshot::FaceSnapshot(SqlDatabase& database) : database_(database) {
  database_.run("SELECT id, faces FROM face_chunk ORDER BY id", {}, [&](const SqlRow& row) {
    const auto count = static_cast<std::size_t>(row.integer(1));
    chunks_.push_back({row.integer(0), faces_, count});
    faces_ += count;
  });
}

template <typename Value>
std::vector<Value> FaceSnapshot::whole_column(std::int64_t column) {
  std::vector<Value> values(faces_);
  std::size_t at = 0;
  database_.run("SELECT id, data FROM face_column WHERE id >= $1 AND id < $2 ORDER BY id",
                {face_column_id(column, 0), face_column_id(column + 1, 0)}, [&](const SqlRow& row) {
                  const std::int64_t chunk = row.integer(0) - face_column_id(column, 0);
                  while (at < chunks_.size() && chunks_[at].id < chunk) ++at;
                  if (at == chunks_.size() || chunks_[at].id != chunk) return;
                  const SqlBytes data = row.bytes(1);
                  if (data.size() != chunks_[at].count * sizeof(Value)) return;
                  std::memcpy(values.data() + chunks_[at].first, data.data(), data.size());
                });
  return values;
}

std::span<const std::uint32_t> FaceSnapshot::photos() {
  if (photos_.size() != faces_) photos_ = whole_column<std::uint32_t>(FaceColumn::photo);
  return photos_;
}

std::span<const std::uint16_t> FaceSnapshot::days() {
  if (days_.size() != faces_) days_ = whole_column<std::uint16_t>(FaceColumn::day);
  return days_;
}

std::span<const std::uint8_t> FaceSnapshot::attribute(std::int64_t column) {
  std::vector<std::uint8_t>& values = attributes_[column];
  if (values.size() != faces_) values = whole_column<std::uint8_t>(column);
  return values;
}

void FaceSnapshot::set_attribute(std::int64_t column, std::size_t face, std::uint8_t value) {
  (void)attribute(column);
  attributes_[column][face] = value;
}

std::vector<std::byte> FaceSnapshot::chunk_column(const Chunk& chunk, std::int64_t column) {
  std::vector<std::byte> data;
  database_.run("SELECT data FROM face_column WHERE id = $1", {face_column_id(column, chunk.id)},
                [&](const SqlRow& row) {
                  const SqlBytes bytes = row.bytes(0);
                  data.assign(bytes.begin(), bytes.end());
                });
  return data;
}

FaceSnapshot::Neighbours FaceSnapshot::of_photo(std::uint32_t photo) {
  const std::span<const std::uint32_t> all = photos();
  if (first_face_.empty() && !all.empty()) {
    first_face_.resize(std::size_t{*std::max_element(all.begin(), all.end())} + 1);
    for (std::size_t i = all.size(); i > 0; --i) {
      first_face_[all[i - 1]] = static_cast<std::uint32_t>(i);
    }
  }
  if (photo >= first_face_.size() || first_face_[photo] == 0) return {};
  const std::size_t first = first_face_[photo] - std::size_t{1};
  std::size_t end = first;
  while (end < all.size() && all[end] == photo) ++end;
  return {first, end - first};
}

std::optional<std::size_t> FaceSnapshot::find(std::uint32_t photo, int number) {
  const std::vector<StoredFace> known = read_photo(photo, {});
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i].number == number) return of_photo(photo).first + i;
  }
  return std::nullopt;
}

const FaceSnapshot::Chunk& FaceSnapshot::chunk_of(std::size_t face) const {
  const auto after =
      std::upper_bound(chunks_.begin(), chunks_.end(), face,
                       [](std::size_t at, const Chunk& chunk) { return at < chunk.first; });
  return *std::prev(after);
}

std::vector<StoredFace> FaceSnapshot::read(std::span<const std::size_t> faces,
                                           std::span<const std::int64_t> attribute_columns,
                                           bool with_features) {
  std::vector<StoredFace> found;
  for (const std::size_t place : faces) {
    const Chunk& chunk = chunk_of(place);
    const std::size_t row = place - chunk.first;
    StoredFace face;
    face.attributes.resize(attribute_columns.size());
    FacePieces pieces(chunk.id, row);
    pieces.add(FaceColumn::number, sizeof(std::uint16_t),
               [&](SqlBytes bytes) { face.number = value_of<std::uint16_t>(bytes); });
    pieces.add(FaceColumn::box, sizeof(StoredBox),
               [&](SqlBytes bytes) { face.box = value_of<StoredBox>(bytes); });
    pieces.add(FaceColumn::score, sizeof(float),
               [&](SqlBytes bytes) { face.score = value_of<float>(bytes); });
    for (std::size_t i = 0; i < attribute_columns.size(); ++i) {
      const auto known = attributes_.find(attribute_columns[i]);
      if (known != attributes_.end() && known->second.size() == faces_) {
        face.attributes[i] = known->second[place];
        continue;
      }
      pieces.add(attribute_columns[i], 1, [&face, i](SqlBytes bytes) {
        face.attributes[i] = value_of<std::uint8_t>(bytes);
      });
    }
    const std::size_t width = with_features ? features_width(chunk) : 0;
    if (width > 0) {
      pieces.add(FaceColumn::feature, width, [&](SqlBytes bytes) {
        const auto* first = reinterpret_cast<const std::int8_t*>(bytes.data());
        face.features.assign(first, first + bytes.size());
      });
      pieces.add(FaceColumn::scale, sizeof(float),
                 [&](SqlBytes bytes) { face.scale = value_of<float>(bytes); });
    }
    pieces.read(database_);
    found.push_back(std::move(face));
  }
  return found;
}

std::size_t FaceSnapshot::features_width(const Chunk& chunk) {
  const auto bytes = sql_integer(database_, "SELECT length(data) FROM face_column WHERE id = $1",
                                 {face_column_id(FaceColumn::feature, chunk.id)});
  return static_cast<std::size_t>(bytes.value_or(0)) / chunk.count;
}

std::vector<StoredFace> FaceSnapshot::read_photo(std::uint32_t photo,
                                                 std::span<const std::int64_t> attribute_columns,
                                                 bool with_features) {
  const Neighbours faces = of_photo(photo);
  std::vector<std::size_t> places(faces.count);
  for (std::size_t i = 0; i < faces.count; ++i) places[i] = faces.first + i;
  return read(places, attribute_columns, with_features);
}

}  // namespace facet::detail
