// SPDX-License-Identifier: Apache-2.0
// Values of headers: value; name=value; name="value".
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace facet::server {

std::string lower_case(std::string_view text);
std::string_view trimmed(std::string_view text);

struct HeaderValue {
  std::string value;                              // in lower case
  std::map<std::string, std::string> parameters;  // names in lower case
};
// What is broken is passed over.
HeaderValue read_header_value(std::string_view text);

// Whether a list such as `gzip;q=0.5, br` holds the word with a weight above 0.
bool accepts(std::string_view list, std::string_view word);

}  // namespace facet::server
