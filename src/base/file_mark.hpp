// SPDX-License-Identifier: Apache-2.0
// How facet knows the files that it wrote itself. Each carries a mark: what kind of file it is and
// the SHA-256 of its bytes, so that a file somebody changed since is not taken for facet's. The
// mark is the extended attribute "user.facet"; pictures carry it inside as well (picture_mark.hpp).
// A file system without extended attributes (FAT, exFAT) keeps only the pictures' marks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace facet::detail {

enum class FileKind {
  result,   // what can be computed again: tables, figures, lists, networks for others
  picture,  // drawn from a photo
  head,
  model,
  sidecar,  // XMP that others write, too: no command may replace it, only change it
};

// "result", "picture", …
std::string_view kind_name(FileKind kind);

// Marks an open file whose bytes have that SHA-256 (hex). False where the file system keeps none.
bool set_file_mark(int descriptor, FileKind kind, const std::string& sha256);

// What the file is where facet wrote it and nobody changed it since. Reads all of a marked file.
std::optional<FileKind> written_kind(const std::filesystem::path& file);

}  // namespace facet::detail
