// SPDX-License-Identifier: Apache-2.0
// The page and the interface's description, which are parts of the program.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace facet::server {

// Made by the build from web/dist and openapi.json.
struct EmbeddedFile {
  std::string_view path;  // without a slash before it: index.html, assets/page.js
  std::string_view content;
  std::string_view packed;  // by gzip; empty where the build had none
};
std::span<const EmbeddedFile> embedded_files();

// Whether the page has a file at the path; / is index.html.
bool has_page_file(std::string_view path);
// With ETag, gzip and a Content-Security-Policy; 304 where the client has it. Throws
// HttpError(404).
Response page_response(const Request& request);
// The interface's description.
Response description_response(const Request& request);

}  // namespace facet::server
