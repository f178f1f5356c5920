// SPDX-License-Identifier: Apache-2.0
// Takes over what belongs to photos: faces, crops, names.
#pragma once

#include "index/merge/merged_photos.hpp"
#include "index/sql/sql_database.hpp"
#include "index/store/generation_table.hpp"

namespace facet::detail {

// Each inside a transaction of `out`; the generations are those of the two indexes.
void copy_faces(SqlDatabase& from, const Generation& from_generation, SqlDatabase& out,
                const Generation& out_generation, const PhotoIds& ids);
void copy_crops(SqlDatabase& from, SqlDatabase& out, const PhotoIds& ids);
void copy_regions(SqlDatabase& from, SqlDatabase& out, const PhotoIds& ids);

}  // namespace facet::detail
