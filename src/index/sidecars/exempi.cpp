// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/exempi.hpp"

#include "base/system_library.hpp"
#include "index/sidecars/xmp_names.hpp"

namespace facet::detail {
namespace {

Exempi load() {
  const SystemLibrary library("libexempi.so.8",
                              "XMP needs libexempi.so.8 (Debian: apt install libexempi8)");
  Exempi functions;
  library.find(functions.init, "xmp_init");
  library.find(functions.register_namespace, "xmp_register_namespace");
  library.find(functions.empty_new, "xmp_new_empty");
  library.find(functions.parse, "xmp_parse");
  library.find(functions.free, "xmp_free");
  library.find(functions.get_property, "xmp_get_property");
  library.find(functions.set_property, "xmp_set_property");
  library.find(functions.append_array_item, "xmp_append_array_item");
  library.find(functions.delete_property, "xmp_delete_property");
  library.find(functions.serialize, "xmp_serialize_and_format");
  library.find(functions.iterator_new, "xmp_iterator_new");
  library.find(functions.iterator_next, "xmp_iterator_next");
  library.find(functions.iterator_free, "xmp_iterator_free");
  library.find(functions.string_new, "xmp_string_new");
  library.find(functions.string_text, "xmp_string_cstr");
  library.find(functions.string_free, "xmp_string_free");
  // dlsym looks into the libraries that exempi was linked with, too.
  library.find(functions.xml_parser_new, "XML_ParserCreateNS");
  library.find(functions.xml_parser_free, "XML_ParserFree");
  library.find(functions.xml_set_user_data, "XML_SetUserData");
  library.find(functions.xml_set_element_handler, "XML_SetElementHandler");
  library.find(functions.xml_set_doctype_handler, "XML_SetStartDoctypeDeclHandler");
  library.find(functions.xml_stop_parser, "XML_StopParser");
  library.find(functions.xml_parse, "XML_Parse");
  if (!functions.init()) library.fail("it does not start");
  for (const XmpNamespace& one : xmp_namespaces()) {
    functions.register_namespace(one.uri, one.prefix, nullptr);
  }
  return functions;
}

}  // namespace

const Exempi& exempi() {
  static const Exempi loaded = load();
  return loaded;
}

}  // namespace facet::detail
