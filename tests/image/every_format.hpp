// SPDX-License-Identifier: Apache-2.0
// One photo in every file format that is built in.
#pragma once

#include <string>
#include <vector>

#include "image/photo_files.hpp"

namespace facet::detail::test {

struct NamedFile {
  std::string name;
  Bytes bytes;
};

std::vector<NamedFile> every_format(const Image& image);

}  // namespace facet::detail::test
