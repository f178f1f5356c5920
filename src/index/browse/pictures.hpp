// SPDX-License-Identifier: Apache-2.0
// Pictures of an index's photos and faces, from the files that it knows.
#pragma once

#include <cstddef>
#include <vector>

#include "index/browse/known_face.hpp"
#include "index/sql/sql_database.hpp"

namespace facet::detail {

// A square JPEG of the face with some of what is around it. The crop that the index keeps stands in
// for a file that is gone. Throws Error: not_found (the file is gone, or another than was indexed),
// unreadable, too_large, io.
std::vector<std::byte> face_picture(SqlDatabase& database, const PhotoRow& photo,
                                    const KnownFace& face, int side);
// The upright photo as a JPEG, its long side at most `longest_side` pixels. Throws the same.
std::vector<std::byte> photo_picture(const PhotoRow& photo, int longest_side);

}  // namespace facet::detail
