// SPDX-License-Identifier: Apache-2.0
// What is known of photos: a row each.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facet/prediction.hpp"
#include "index/sql/sql_database.hpp"

namespace facet::detail {

// The first half of the SHA-256 of a file: enough to tell photos apart.
using ContentHash = std::array<std::uint8_t, 16>;
std::string hex_text(const ContentHash& content);
SqlBytes as_sql_bytes(const ContentHash& content);
SqlBytes as_sql_bytes(std::string_view text);
std::string as_text(SqlBytes bytes);
ContentHash as_content(SqlBytes bytes);

// How a file looks from outside: where these are as they were it is not read again.
struct PhotoFileState {
  std::int64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::int64_t sidecar = 0;   // newest change of the XMP files beside it, 0 without
  friend bool operator==(const PhotoFileState&, const PhotoFileState&) = default;
};

struct PhotoRow {
  std::uint32_t id = 0;
  std::string folder;  // absolute
  std::string name;
  PhotoFileState state;
  std::optional<ContentHash> content;  // none where the file could not be read
  std::optional<std::uint64_t> look;   // difference hash of the picture
  std::optional<std::int64_t> taken;   // by EXIF: seconds of the camera's clock since 1970
  int width = 0;                       // of the upright photo
  int height = 0;
  PhotoStatus status = PhotoStatus::no_face;
  std::string reason;  // why it is unreadable
  int faces = 0;
  int generation = 0;  // settings that its faces come from
  bool gone = false;   // the file was not there when it was last looked for

  [[nodiscard]] std::string path() const;
};

class PhotoTable {
 public:
  explicit PhotoTable(SqlDatabase& database) : database_(database) {}

  // `id` is ignored; returns the new one, nothing where a photo is at that place already.
  std::optional<std::uint32_t> insert(const PhotoRow& photo);
  // Replaces all but the id where the row is still as `before` was: its place, file and
  // generation. Otherwise somebody else was quicker: false. The same where another photo is at the
  // new place.
  bool update(const PhotoRow& photo, const PhotoRow& before);
  void set_gone(std::uint32_t id, bool gone);

  [[nodiscard]] std::optional<PhotoRow> find(std::uint32_t id) const;
  // Every photo, in no order. `take` must not ask the database.
  void each(const std::function<void(const PhotoRow&)>& take) const;
  // Those without a face that could be read.
  void each_bare(const std::function<void(const PhotoRow&)>& take) const;
  void each_unreadable(const std::function<void(const PhotoRow&)>& take) const;
  // Those at a path, or whose content begins with these hex digits.
  [[nodiscard]] std::vector<PhotoRow> at_path(const std::string& path) const;
  [[nodiscard]] std::vector<PhotoRow> with_content(std::string_view hex_digits) const;

 private:
  std::int64_t folder_id(const std::string& path);

  SqlDatabase& database_;
  std::map<std::string, std::int64_t, std::less<>> folders_;
};

// crop.id of a face.
constexpr std::int64_t crop_id(std::uint32_t photo, int number) {
  return std::int64_t{photo} << 16 | number;
}

// The photos with all that is known of them: faces, crops, names. Verdicts of people stay: they
// belong to the content. Inside a transaction.
void remove_photos(SqlDatabase& database, std::span<const std::uint32_t> photos);
// The same but for the rows, before photos are described anew.
void remove_descriptions(SqlDatabase& database, std::span<const std::uint32_t> photos);

}  // namespace facet::detail
