// SPDX-License-Identifier: Apache-2.0
#include "index/store/generation_table.hpp"

#include "facet/prediction.hpp"
#include "index/store/face_columns.hpp"
#include "index/store/unix_time.hpp"

namespace facet::detail {
namespace {

std::string names(const Generation& generation) {
  std::string list;
  for (const IndexAttribute& attribute : generation.attributes) list += attribute.name + '\n';
  return list;
}

}  // namespace

std::string difference(const Generation& known, const Generation& wanted) {
  if (known.checksum != wanted.checksum) {
    return "model " + known.model + " (" + known.checksum.substr(0, 12) + "), not " + wanted.model +
           " (" + wanted.checksum.substr(0, 12) + ")";
  }
  if (known.head != wanted.head) return "head " + known.head + ", not " + wanted.head;
  if (known.precision != wanted.precision) {
    return "precision " + known.precision + ", not " + wanted.precision;
  }
  if (names(known) != names(wanted)) return "other extra heads";
  if (known.options != wanted.options)
    return "options " + known.options + ", not " + wanted.options;
  return {};
}

std::optional<Generation> GenerationTable::current() const {
  std::optional<Generation> found;
  database_.run(
      "SELECT id, model, checksum, head, precision, options FROM generation ORDER BY id DESC "
      "LIMIT 1",
      {}, [&](const SqlRow& row) {
        Generation generation;
        generation.id = static_cast<int>(row.integer(0));
        generation.model = std::string(row.text(1));
        generation.checksum = std::string(row.text(2));
        generation.head = std::string(row.text(3));
        generation.precision = std::string(row.text(4));
        generation.options = std::string(row.text(5));
        found = std::move(generation);
      });
  if (!found) return found;
  database_.run(
      "SELECT attribute.name, threshold.accuracy, threshold.balanced, attribute.id FROM threshold "
      "JOIN attribute ON attribute.id = threshold.attribute WHERE threshold.generation = $1 ORDER "
      "BY attribute.id",
      {found->id}, [&](const SqlRow& row) {
        found->attributes.push_back({std::string(row.text(0)), static_cast<float>(row.real(1)),
                                     static_cast<float>(row.real(2)),
                                     FaceColumn::first_attribute + row.integer(3)});
      });
  return found;
}

Generation GenerationTable::begin(const Generation& wanted) {
  Generation begun = wanted;
  begun.id = static_cast<int>(
      sql_integer(database_,
                  "INSERT INTO generation (model, checksum, head, precision, options, started) "
                  "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                  {wanted.model, wanted.checksum, wanted.head, wanted.precision, wanted.options,
                   unix_time()})
          .value());
  for (IndexAttribute& attribute : begun.attributes) {
    database_.run("INSERT INTO attribute (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
                  {attribute.name});
    const std::int64_t id =
        sql_integer(database_, "SELECT id FROM attribute WHERE name = $1", {attribute.name})
            .value();
    database_.run(
        "INSERT INTO threshold (generation, attribute, accuracy, balanced) VALUES ($1, $2, $3, $4)",
        {begun.id, id, double{attribute.threshold}, double{attribute.threshold_balanced}});
    attribute.column = FaceColumn::first_attribute + id;
  }
  return begun;
}

std::int64_t GenerationTable::outdated_photos() const {
  return sql_integer(database_,
                     "SELECT count(*) FROM photo WHERE status <> $1 AND generation < (SELECT "
                     "max(id) FROM generation)",
                     {static_cast<int>(PhotoStatus::unreadable)})
      .value_or(0);
}

}  // namespace facet::detail
