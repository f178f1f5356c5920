// SPDX-License-Identifier: Apache-2.0
// With what photos were described: model, head, precision and how faces were looked for. Each
// change of it is a generation; photos of older ones are described again by --reindex.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

struct IndexAttribute {
  std::string name;
  float threshold = 0.5F;  // probability from which it holds, for accuracy
  float threshold_balanced = 0.5F;
  std::int64_t column = 0;  // number of its column; set by the table
};

struct Generation {
  int id = 0;                              // 0: none yet
  std::string model;                       // name and version
  std::string checksum;                    // of the model
  std::string head;                        // celeba, lfwa
  std::string precision;                   // as asked for: auto, fp32, bf16
  std::string options;                     // all else that decides what is found, as JSON
  std::vector<IndexAttribute> attributes;  // of the head, then of taught heads
};

// What differs, in words for a message; empty where both describe alike.
std::string difference(const Generation& known, const Generation& wanted);

class GenerationTable {
 public:
  explicit GenerationTable(SqlDatabase& database) : database_(database) {}

  // The last one that was begun.
  [[nodiscard]] std::optional<Generation> current() const;
  // Begins a new one; returns it with its id and its columns. Inside a transaction.
  Generation begin(const Generation& wanted);
  // How many photos that could be read were described by another than the current one.
  [[nodiscard]] std::int64_t outdated_photos() const;

 private:
  SqlDatabase& database_;
};

}  // namespace facet::detail
