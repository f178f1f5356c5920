// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include <algorithm>
#include <optional>

#include "http/header_text.hpp"
#include "http/message.hpp"

namespace facet::server {
namespace {

HttpError broken(const std::string& what) {
  return {400, "bad_request", "the form " + what};
}

// Browsers send names alone, others whole paths: folders of the client are nobody's business.
std::string without_folders(std::string name) {
  const std::size_t slash = name.find_last_of("/\\");
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

// Reads the headers of a part; returns where its content begins.
std::size_t read_headers(std::string_view body, std::size_t at, FormPart& part) {
  constexpr std::size_t most_bytes = 8192;
  bool named = false;
  for (std::size_t first = at;;) {
    const std::size_t end = body.find("\r\n", first);
    if (end == std::string_view::npos || end - at > most_bytes) {
      throw broken("is cut off in the headers of a part");
    }
    const std::string_view line = body.substr(first, end - first);
    first = end + 2;
    if (line.empty()) {
      if (!named) throw broken("holds a part without a name");
      return first;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) throw broken("holds a part with a broken header");
    if (lower_case(line.substr(0, colon)) != "content-disposition") continue;
    const HeaderValue value = read_header_value(line.substr(colon + 1));
    const auto name = value.parameters.find("name");
    if (value.value != "form-data" || name == value.parameters.end()) {
      throw broken("holds a part without a name");
    }
    part.name = name->second;
    const auto file = value.parameters.find("filename");
    part.is_file = file != value.parameters.end();
    if (part.is_file) part.file_name = without_folders(file->second);
    named = true;
  }
}

}  // namespace

std::vector<FormPart> read_form(std::string_view content_type, std::string_view body,
                                std::size_t most_parts) {
  const HeaderValue type = read_header_value(content_type);
  const auto found = type.parameters.find("boundary");
  if (found == type.parameters.end() || found->second.empty() || found->second.size() > 70) {
    throw broken("states no boundary of 1 to 70 characters");
  }
  const std::string delimiter = "\r\n--" + found->second;
  // The first delimiter may stand at the very start.
  std::size_t at = 0;
  if (!body.starts_with(std::string_view(delimiter).substr(2))) {
    const std::size_t first = body.find(delimiter);
    if (first == std::string_view::npos) throw broken("does not hold its boundary");
    at = first + 2;
  }
  at += delimiter.size() - 2;
  std::vector<FormPart> parts;
  for (;;) {
    if (body.substr(at, 2) == "--") return parts;
    // White space is allowed behind a boundary.
    while (at < body.size() && (body[at] == ' ' || body[at] == '\t')) ++at;
    if (body.substr(at, 2) != "\r\n") throw broken("is cut off behind a boundary");
    if (parts.size() == most_parts) {
      throw HttpError(413, "too_large",
                      "the form has more than " + std::to_string(most_parts) + " parts");
    }
    FormPart part;
    const std::size_t first = read_headers(body, at + 2, part);
    // An empty content's delimiter begins with the line end of the headers.
    const std::size_t end = body.find(delimiter, first - 2);
    if (end == std::string_view::npos) throw broken("is cut off in the part " + part.name);
    part.content = end < first ? std::string_view() : body.substr(first, end - first);
    parts.push_back(std::move(part));
    at = end + delimiter.size();
  }
}

}  // namespace facet::server
