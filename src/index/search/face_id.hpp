// SPDX-License-Identifier: Apache-2.0
// How a face is named: twelve hex digits of its photo's content, a dot, its number in the photo.
// The name is the same in every index and after every new description that finds the same faces.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "index/store/photo_table.hpp"

namespace facet::detail {

struct FaceId {
  std::string content;  // at least four hex digits that its photo's hash begins with, lower case
  int number = 0;       // from 1
};

std::string face_id_text(const ContentHash& content, int number);
// Nothing where the text is no such name.
std::optional<FaceId> read_face_id(std::string_view text);

}  // namespace facet::detail
