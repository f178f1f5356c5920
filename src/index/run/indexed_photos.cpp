// SPDX-License-Identifier: Apache-2.0
#include "index/run/indexed_photos.hpp"

#include <algorithm>
#include <utility>

#include "facet/error.hpp"
#include "index/run/file_scan.hpp"

namespace facet::detail {

std::vector<PhotoRow> indexed_photos(SqlDatabase& database, const std::vector<std::string>& paths) {
  struct Wanted {
    std::string photo;   // a photo's own name stays even where it is a link
    std::string folder;  // a folder's does not
    bool found = false;
  };
  std::vector<Wanted> wanted;
  for (const std::string& path : paths) {
    wanted.push_back({absolute_photo(path), absolute_root(path)});
  }
  std::vector<PhotoRow> rows;
  PhotoTable(database).each([&](const PhotoRow& row) {
    bool asked = wanted.empty();
    for (Wanted& one : wanted) {
      if (row.path() != one.photo && !lies_in(row.folder, one.folder)) continue;
      one.found = asked = true;
    }
    if (asked && row.status != PhotoStatus::unreadable && !row.gone) rows.push_back(row);
  });
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].found) continue;
    throw Error(ErrorCode::not_found, paths[i] + ": the index knows no photo there");
  }
  std::sort(rows.begin(), rows.end(), [](const PhotoRow& a, const PhotoRow& b) {
    return std::pair(a.folder, a.name) < std::pair(b.folder, b.name);
  });
  return rows;
}

}  // namespace facet::detail
