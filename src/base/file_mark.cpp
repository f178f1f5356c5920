// SPDX-License-Identifier: Apache-2.0
#include "base/file_mark.hpp"

#include <sys/xattr.h>

#include <array>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/picture_mark.hpp"
#include "base/sha256.hpp"

namespace facet::detail {
namespace {

constexpr const char* kAttribute = "user.facet";
constexpr std::array kKinds = {FileKind::result, FileKind::picture, FileKind::head, FileKind::model,
                               FileKind::sidecar};

std::string mark_text(FileKind kind, const std::string& sha256) {
  return std::string(kind_name(kind)) + " sha256=" + sha256;
}

std::string attribute_of(const std::filesystem::path& file) {
  std::array<char, 128> text{};
  const ::ssize_t size = ::getxattr(file.c_str(), kAttribute, text.data(), text.size());
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

std::optional<std::string> sha256_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 hash;
  std::vector<char> block(std::size_t{1} << 16);
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    hash.update(std::as_bytes(std::span(block).first(static_cast<std::size_t>(stream.gcount()))));
  }
  if (!stream.eof()) return std::nullopt;
  return hash.finish();
}

// Whether the start of a file can be a picture's; others are not read any further.
bool may_be_picture(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 2> start{};
  stream.read(start.data(), start.size());
  return start == std::array{'\xFF', '\xD8'} || start == std::array{'\x89', 'P'};
}

bool is_marked_picture(const std::filesystem::path& file) {
  if (!may_be_picture(file)) return false;
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(stream)), {});
  return !stream.bad() && has_intact_picture_mark(std::as_bytes(std::span(bytes)));
}

}  // namespace

std::string_view kind_name(FileKind kind) {
  switch (kind) {
    case FileKind::result:
      return "result";
    case FileKind::picture:
      return "picture";
    case FileKind::sidecar:
      return "sidecar";
    case FileKind::head:
      return "head";
    case FileKind::model:
      break;
  }
  return "model";
}

bool set_file_mark(int descriptor, FileKind kind, const std::string& sha256) {
  const std::string text = mark_text(kind, sha256);
  return ::fsetxattr(descriptor, kAttribute, text.data(), text.size(), 0) == 0;
}

std::optional<FileKind> written_kind(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;
  const std::string mark = attribute_of(file);
  for (const FileKind kind : kKinds) {
    if (!mark.starts_with(kind_name(kind))) continue;
    const std::optional<std::string> sha256 = sha256_of(file);
    if (sha256 && mark == mark_text(kind, *sha256)) return kind;
  }
  if (is_marked_picture(file)) return FileKind::picture;
  return std::nullopt;
}

}  // namespace facet::detail
