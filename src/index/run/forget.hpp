// SPDX-License-Identifier: Apache-2.0
// What somebody wants gone from an index: with nothing left of it in the files, and not to return.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "index/sql/sql_database.hpp"

namespace facet::detail {

struct Forgotten {
  std::size_t photos = 0;  // copies included
  std::size_t faces = 0;   // of photos that stay
};

// `what` is the path of a photo, or the id of a face, as search shows it. Also goes from copies of
// the photo. Throws Error: not_found, invalid_argument (several photos begin so). The files of the
// database hold it until erase_traces().
Forgotten forget(SqlDatabase& database, const std::string& what);

// A photo that was forgotten may return, and its faces. False where none was.
bool allow_again(SqlDatabase& database, const std::string& path);

// Everything but the tombstones, which say what shall not return and hold hashes alone.
void wipe(SqlDatabase& database);

// Takes one face out, with its crop, name and verdicts, of which its photo has `left` others then.
// Inside a transaction.
void remove_face(SqlDatabase& database, std::uint32_t photo, int number, std::size_t left);

// Writes the files of the database anew, without what was deleted.
void erase_traces(SqlDatabase& database);

}  // namespace facet::detail
