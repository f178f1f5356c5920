// SPDX-License-Identifier: Apache-2.0
// What a list of labels says about photos, for teaching a new attribute.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "teach/said_labels.hpp"

namespace facet::detail {

struct LabelledPath {
  std::string path;  // as the list spells it
  bool present = false;
  int line = 0;
};

struct LabelList {
  std::filesystem::path file;
  std::vector<LabelledPath> rows;  // no path twice
  std::vector<int> repeated;       // lines that say again what an earlier one said
  bool mixes_signs = false;        // both 0 and -1 occur
};

// A line a photo: `path,label`, the label 1 or 0 (or -1). The first line may be a header; lines
// from # and blank ones are skipped; CRLF, a byte order mark and quoted paths are understood.
// Throws Error: not_found, io, bad_label (the line and what is wrong there: no label, another
// value, or a path labelled differently in two lines).
LabelList read_label_list(const std::filesystem::path& file);

// A photo under the names by which a list may call it.
struct PhotoName {
  std::string shown;           // as results show it
  std::filesystem::path file;  // where it lies
};

struct MatchedLabels {
  std::vector<std::optional<bool>> present;  // a photo; nothing where no line names it
  std::vector<LabelledPath> unknown;         // lines that name none of the photos, …
  std::vector<LabelledPath> ambiguous;       // … or several
  std::vector<int> repeated;                 // lines that name a photo again, with the same label
  std::size_t unlisted = 0;                  // photos that no line names
};

// A path names the photo that is shown so, or that is this file; else the one photo whose file's
// path ends in it (so a bare file name will do where it is unique). The same file counts once,
// however often it is listed. Throws Error(bad_label) where two lines label a photo differently.
MatchedLabels match_labels(const LabelList& list, std::span<const PhotoName> photos);

// Faces of which people said whether they have an attribute, and where their photos are.
struct MatchedFaces {
  std::vector<std::size_t> places;      // of the photo, a face
  std::vector<SaidFace> faces;          // the same
  std::vector<bool> present;            // the same
  std::vector<LabelledPath> unknown;    // lines whose path names none of the photos, …
  std::vector<LabelledPath> ambiguous;  // … or several
  std::size_t unlisted = 0;             // photos without such a face
};

// Paths name photos as in match_labels(). Throws Error(bad_label) where nobody said anything of the
// attribute.
MatchedFaces match_faces(const std::filesystem::path& file, const std::string& attribute,
                         std::span<const PhotoName> photos);

}  // namespace facet::detail
