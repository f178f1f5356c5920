// SPDX-License-Identifier: Apache-2.0
// What people said about faces, as files of labelling programs have it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facet/box.hpp"

namespace facet::detail {

struct FaceAnswer {
  std::string where;       // file and place in it, for messages
  std::string photo;       // its path, or the end of it; may be empty
  std::string content;     // hex digits of its content's hash; may be empty
  std::string face;        // its id; may be empty
  std::optional<Box> box;  // of the face
  float frame_width = 0;   // what the box is measured in; 0: pixels of the upright photo
  float frame_height = 0;
  std::string attribute;
  std::optional<bool> present;   // nothing: what was said before is taken back
  bool looked_at = false;        // a person was asked about just this
  std::optional<bool> exported;  // what the file said when facet wrote it
};

// Reads Label Studio's JSON export, COCO's annotations with attributes, facet's JSON lines and CSV
// with a header, told apart by what they hold. Throws Error: not_found, io, bad_label with file and
// place.
std::vector<FaceAnswer> read_answers(const std::filesystem::path& file);

// The forms one by one; `file` for messages.
std::vector<FaceAnswer> read_label_studio(const std::string& file, std::string_view text);
std::vector<FaceAnswer> read_coco(const std::string& file, std::string_view text);
std::vector<FaceAnswer> read_json_lines(const std::string& file, std::string_view text);
std::vector<FaceAnswer> read_answer_table(const std::string& file, std::string_view text);

// "1", "0", "-1", "true", "yes", "present", … in any case; nothing for other words.
std::optional<bool> read_yes_or_no(std::string_view word);

}  // namespace facet::detail
