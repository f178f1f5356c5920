// SPDX-License-Identifier: Apache-2.0
#include "base/new_folder.hpp"

#include <system_error>

#include "facet/error.hpp"

namespace facet::detail {

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(ErrorCode::io, folder.string() + ": cannot create folder: " + error.message());
  }
}

}  // namespace facet::detail
