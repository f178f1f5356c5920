// SPDX-License-Identifier: Apache-2.0
#include "index/run/index_status.hpp"

#include <algorithm>

#include "index/store/face_columns.hpp"
#include "index/store/photo_table.hpp"
#include "index/store/schema.hpp"

namespace facet::detail {
namespace {

// 1,234,567
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

std::string line(const std::string& what, const std::string& value) {
  constexpr std::size_t width = 14;
  return what + std::string(width - std::min(what.size(), width - 1), ' ') + value + '\n';
}

}  // namespace

IndexStatus index_status(SqlDatabase& database) {
  const auto count = [&](const char* sql) { return sql_integer(database, sql).value_or(0); };
  IndexStatus status;
  {
    const SqlReading reading(database);
    status.generation = GenerationTable(database).current();
    status.schema = kIndexSchema;
    status.photos = count("SELECT count(*) FROM photo");
    status.offline = count("SELECT count(*) FROM photo WHERE gone <> 0");
    status.faces = count("SELECT CAST(sum(faces) AS BIGINT) FROM face_chunk");
    status.outdated = GenerationTable(database).outdated_photos();
    status.crops = count("SELECT count(*) FROM crop");
    status.named_faces = count("SELECT count(*) FROM region WHERE number > 0");
    status.verdicts = count("SELECT count(*) FROM verdict");
    status.forgotten = count("SELECT count(*) FROM tombstone");
    status.features =
        sql_integer(database, "SELECT count(*) FROM face_column WHERE id >= $1 AND id < $2",
                    {face_column_id(FaceColumn::feature, 0), face_column_id(FaceColumn::scale, 0)})
            .value_or(0) > 0;
    PhotoTable(database).each_unreadable(
        [&](const PhotoRow& photo) { status.unreadable.emplace_back(photo.path(), photo.reason); });
  }
  std::sort(status.unreadable.begin(), status.unreadable.end());
  status.bytes = database.size_in_bytes();
  return status;
}

std::string status_text(const IndexStatus& status, const std::string& location) {
  std::string text = line("index", location + " (schema " + std::to_string(status.schema) + ", " +
                                       grouped(status.bytes) + " bytes)");
  if (!status.generation) return text + line("", "empty");
  const Generation& generation = *status.generation;
  text += line("model", generation.model + " (" + generation.checksum.substr(0, 12) + "), head " +
                            generation.head + ", precision " + generation.precision);
  text += line("attributes", std::to_string(generation.attributes.size()));
  text += line("photos", grouped(status.photos) +
                             (status.offline == 0 ? std::string()
                                                  : ", " + grouped(status.offline) + " offline"));
  text += line("faces", grouped(status.faces));
  if (status.outdated > 0) {
    text += line("outdated", grouped(status.outdated) +
                                 " photos were described by another model or other options; "
                                 "--reindex describes them anew");
  }
  text += line("kept", std::string("attributes") + (status.features ? ", features" : "") +
                           (status.crops > 0 ? ", " + grouped(status.crops) + " crops" : ""));
  if (status.named_faces > 0) text += line("named faces", grouped(status.named_faces));
  if (status.verdicts > 0) text += line("corrections", grouped(status.verdicts));
  if (status.forgotten > 0) {
    text += line("forgotten", grouped(status.forgotten) + " photos and faces");
  }
  if (!status.unreadable.empty()) {
    text += line("unreadable", grouped(static_cast<std::int64_t>(status.unreadable.size())));
    for (const auto& [path, reason] : status.unreadable) text += "  " + path + ": " + reason + '\n';
  }
  return text;
}

}  // namespace facet::detail
