// SPDX-License-Identifier: Apache-2.0
// Reads what a request asks for: path?name=value&….
#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace facet::server {

struct Target {
  std::string path;
  Parameters query;
};

// Throws HttpError(400) for what is no such thing: a bad escape, a NUL byte, a name that comes
// twice.
Target read_target(std::string_view text);

// %XX and, where `plus_is_blank`, + as a blank. Throws HttpError(400).
std::string percent_decoded(std::string_view text, bool plus_is_blank);

}  // namespace facet::server
