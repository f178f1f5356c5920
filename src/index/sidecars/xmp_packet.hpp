// SPDX-License-Identifier: Apache-2.0
// An XMP packet: what programs write beside or into photos.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace facet::detail {

// Belongs to one thread. What it throws: Error(unsupported) where exempi is missing.
class XmpPacket {
 public:
  XmpPacket();
  // Throws Error(unreadable) where the text is no XMP.
  explicit XmpPacket(std::string_view text);
  ~XmpPacket();
  XmpPacket(XmpPacket&&) noexcept;
  XmpPacket& operator=(XmpPacket&&) noexcept;

  // A path may lead into structures and arrays, which count from 1: "mwg-rs:Regions/…[2]/…".
  [[nodiscard]] std::optional<std::string> value(const char* schema, const std::string& path) const;
  void set_value(const char* schema, const std::string& path, const std::string& value);
  void remove(const char* schema, const std::string& path);
  // Makes an empty structure, or an empty one at the end of a bag.
  void make_structure(const char* schema, const std::string& path);
  void append_structure(const char* schema, const std::string& bag);

  [[nodiscard]] std::vector<std::string> items(const char* schema, const std::string& array) const;
  // At the end of an unordered array, which is made where there is none; or of an ordered one.
  void append(const char* schema, const std::string& array, const std::string& item, bool ordered);
  // The first item of that value; the array as well where that was its last. False where there is
  // none.
  bool remove_item(const char* schema, const std::string& array, const std::string& item);

  // True where nothing stands in it, or only properties of that schema.
  [[nodiscard]] bool empty_but_for(const char* schema) const;

  // As the contents of a file: without a packet's wrapper and padding, indented. Throws
  // Error(unreadable) where it could not be read again.
  [[nodiscard]] std::string text() const;

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace facet::detail
