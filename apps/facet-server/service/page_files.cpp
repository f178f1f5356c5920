// SPDX-License-Identifier: Apache-2.0
#include "service/page_files.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "http/header_text.hpp"

namespace facet::server {
namespace {

constexpr std::string_view kDescription = "openapi.json";

std::string_view type_of(std::string_view path) {
  constexpr std::array types = {
      std::pair{".html", "text/html; charset=utf-8"},
      std::pair{".css", "text/css; charset=utf-8"},
      std::pair{".js", "text/javascript; charset=utf-8"},
      std::pair{".mjs", "text/javascript; charset=utf-8"},
      std::pair{".json", "application/json"},
      std::pair{".webmanifest", "application/manifest+json"},
      std::pair{".svg", "image/svg+xml"},
      std::pair{".png", "image/png"},
      std::pair{".ico", "image/x-icon"},
      std::pair{".woff2", "font/woff2"},
      std::pair{".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

const EmbeddedFile* find(std::string_view path) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

std::string_view page_path(std::string_view path) {
  path.remove_prefix(path.starts_with('/') ? 1 : 0);
  return path.empty() ? "index.html" : path;
}

// FNV-1a: it only has to change when the content does.
std::string tag_of(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : content) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char text[24];
  std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(hash));
  return text;
}

Response file_response(const Request& request, const EmbeddedFile& file) {
  const bool packed = !file.packed.empty() && accepts(request.header("accept-encoding"), "gzip");
  const std::string_view content = packed ? file.packed : file.content;
  const std::string tag = tag_of(content);
  Response response;
  // Built files carry a hash of their content in their names.
  const bool lasting = file.path.starts_with("assets/");
  response.headers = {
      {"Content-Type", std::string(type_of(file.path))},
      {"Cache-Control", lasting ? "public, max-age=31536000, immutable" : "no-cache"},
      {"ETag", tag},
      {"Vary", "Accept-Encoding"},
      {"Content-Security-Policy",
       "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"Permissions-Policy", "camera=(self), microphone=(), geolocation=()"}};
  if (request.header("if-none-match").find(tag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = std::string(content);
  return response;
}

}  // namespace

bool has_page_file(std::string_view path) {
  const std::string_view file = page_path(path);
  return file != kDescription && find(file) != nullptr;
}

Response page_response(const Request& request) {
  const EmbeddedFile* file = find(page_path(request.path));
  if (file == nullptr) throw HttpError(404, "not_found", "there is nothing at this address");
  return file_response(request, *file);
}

Response description_response(const Request& request) {
  return file_response(request, *find(kDescription));
}

}  // namespace facet::server
