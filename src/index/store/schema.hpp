// SPDX-License-Identifier: Apache-2.0
// The tables of an index, and how older ones become today's.
//
// Photos are rows. What is known of faces lies in columns: a chunk holds some faces, those of one
// photo always together, and each column of a chunk is one value of bytes (face_columns.hpp).
#pragma once

#include <span>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

// Grows with every change of the tables; each has a step in schema.cpp and a stored database in
// tests/index/schemas/.
constexpr int kIndexSchema = 1;

// The statements that turn version i into version i + 1, in the words of both databases: {id}
// stands for a number that the database gives, {bytes} for what it calls them.
std::span<const char* const> schema_steps();

// Makes the tables where there are none, and brings older ones up to date, all or nothing. Throws
// Error(unsupported) where a newer facet has made them, Error(unreadable) where the database is of
// something else.
void prepare_schema(SqlDatabase& database);
// The same with other steps.
void prepare_schema(SqlDatabase& database, std::span<const char* const> steps);

// Throws the same, and Error(not_found) where there are no tables; changes nothing. An older schema
// is Error(unsupported) too: facet index brings it up to date.
void check_schema(SqlDatabase& database);

}  // namespace facet::detail
