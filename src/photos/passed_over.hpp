// SPDX-License-Identifier: Apache-2.0
// What folders hold beside the photos that are looked at, so that nothing is passed over without a
// word.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace facet::detail {

struct PassedOver {
  std::size_t own_pictures = 0;                      // drawn by facet
  std::map<std::string, std::size_t> other_formats;  // ".crw": so many
  std::map<std::string, std::size_t> videos;         // ".mp4": so many
  std::set<std::string> left_out;                    // names of folders of the system's own
  std::set<std::string> linked;  // folders that only a link leads to, where links are not followed
};

// A line a kind, for people; none where nothing was passed over.
std::vector<std::string> passed_over_texts(const PassedOver& passed_over);

}  // namespace facet::detail
