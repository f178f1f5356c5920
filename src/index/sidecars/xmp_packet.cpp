// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/xmp_packet.hpp"

#include <array>
#include <utility>

#include "facet/error.hpp"
#include "index/sidecars/exempi.hpp"
#include "index/sidecars/xml_check.hpp"

namespace facet::detail {
namespace {

class XmpText {
 public:
  XmpText() : text_(exempi().string_new()) {}
  ~XmpText() { exempi().string_free(text_); }
  XmpText(const XmpText&) = delete;
  XmpText& operator=(const XmpText&) = delete;
  [[nodiscard]] XmpStringPtr get() const { return text_; }
  [[nodiscard]] std::string value() const {
    const char* text = exempi().string_text(text_);
    return text == nullptr ? std::string() : text;
  }

 private:
  XmpStringPtr text_;
};

std::string item_path(const std::string& array, std::size_t place) {
  return array + '[' + std::to_string(place) + ']';
}

}  // namespace

struct XmpPacket::Handle {
  explicit Handle(XmpPtr opened) : xmp(opened) {
    if (xmp == nullptr) throw Error(ErrorCode::io, "not enough memory for XMP");
  }
  ~Handle() { exempi().free(xmp); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  XmpPtr xmp;
};

XmpPacket::XmpPacket() : handle_(std::make_unique<Handle>(exempi().empty_new())) {
}

XmpPacket::XmpPacket(std::string_view text) : XmpPacket() {
  const std::string fault = fault_of_xmp(text);
  if (!fault.empty()) throw Error(ErrorCode::unreadable, "is no XMP: " + fault);
  if (!exempi().parse(handle_->xmp, text.data(), text.size())) {
    throw Error(ErrorCode::unreadable, "is no XMP: its RDF is damaged");
  }
}

XmpPacket::~XmpPacket() = default;
XmpPacket::XmpPacket(XmpPacket&&) noexcept = default;
XmpPacket& XmpPacket::operator=(XmpPacket&&) noexcept = default;

std::optional<std::string> XmpPacket::value(const char* schema, const std::string& path) const {
  const XmpText text;
  std::uint32_t bits = 0;
  if (!exempi().get_property(handle_->xmp, schema, path.c_str(), text.get(), &bits)) {
    return std::nullopt;
  }
  return text.value();
}

void XmpPacket::set_value(const char* schema, const std::string& path, const std::string& value) {
  if (!exempi().set_property(handle_->xmp, schema, path.c_str(), value.c_str(), 0)) {
    throw Error(ErrorCode::unreadable, "its XMP has something else where " + path + " belongs");
  }
}

void XmpPacket::remove(const char* schema, const std::string& path) {
  exempi().delete_property(handle_->xmp, schema, path.c_str());
}

void XmpPacket::make_structure(const char* schema, const std::string& path) {
  exempi().set_property(handle_->xmp, schema, path.c_str(), "", XMP_PROP_VALUE_IS_STRUCT);
}

void XmpPacket::append_structure(const char* schema, const std::string& bag) {
  exempi().append_array_item(handle_->xmp, schema, bag.c_str(), XMP_PROP_ARRAY_IS_UNORDERED,
                             nullptr, XMP_PROP_VALUE_IS_STRUCT);
}

std::vector<std::string> XmpPacket::items(const char* schema, const std::string& array) const {
  std::vector<std::string> all;
  while (auto item = value(schema, item_path(array, all.size() + 1))) {
    all.push_back(std::move(*item));
  }
  return all;
}

void XmpPacket::append(const char* schema, const std::string& array, const std::string& item,
                       bool ordered) {
  // An array that is there keeps its kind.
  for (const std::uint32_t kind :
       {ordered ? XMP_PROP_ARRAY_IS_ORDERED : XMP_PROP_ARRAY_IS_UNORDERED,
        ordered ? XMP_PROP_ARRAY_IS_UNORDERED : XMP_PROP_ARRAY_IS_ORDERED}) {
    const std::uint32_t bits = kind | XMP_PROP_VALUE_IS_ARRAY;
    if (exempi().append_array_item(handle_->xmp, schema, array.c_str(), bits, item.c_str(), 0)) {
      return;
    }
  }
  throw Error(ErrorCode::unreadable, "its XMP has no list where " + array + " belongs");
}

bool XmpPacket::remove_item(const char* schema, const std::string& array, const std::string& item) {
  const std::vector<std::string> all = items(schema, array);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] != item) continue;
    remove(schema, all.size() == 1 ? array : item_path(array, i + 1));
    return true;
  }
  return false;
}

bool XmpPacket::empty_but_for(const char* schema) const {
  const XmpIteratorPtr all =
      exempi().iterator_new(handle_->xmp, nullptr, nullptr, XMP_ITER_JUSTCHILDREN);
  if (all == nullptr) return false;
  const XmpText found;
  bool others = false;
  std::uint32_t bits = 0;
  while (!others && exempi().iterator_next(all, found.get(), nullptr, nullptr, &bits)) {
    others = found.value() != schema;
  }
  exempi().iterator_free(all);
  return !others;
}

std::string XmpPacket::text() const {
  const XmpText text;
  const std::uint32_t options = XMP_SERIAL_OMITPACKETWRAPPER | XMP_SERIAL_USECOMPACTFORMAT;
  if (!exempi().serialize(handle_->xmp, text.get(), options, 0, "\n", " ", 0)) {
    throw Error(ErrorCode::unreadable, "its XMP cannot be written");
  }
  std::string whole = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text.value() + '\n';
  // exempi writes some texts as they are, which then end or break the XML around them.
  const std::string fault = fault_of_xmp(whole);
  if (!fault.empty()) throw Error(ErrorCode::unreadable, "its XMP cannot be written: " + fault);
  return whole;
}

}  // namespace facet::detail
