// SPDX-License-Identifier: Apache-2.0
// Forms with files (RFC 7578), from a body that is there as a whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace facet::server {

struct FormPart {
  std::string name;
  std::string file_name;  // without folders; empty where the part is no file
  bool is_file = false;
  std::string_view content;  // of the body
};

// `content_type` is the whole header. Throws HttpError: 400 for a form that is cut off or broken,
// 413 for more than `most_parts`.
std::vector<FormPart> read_form(std::string_view content_type, std::string_view body,
                                std::size_t most_parts);

}  // namespace facet::server
