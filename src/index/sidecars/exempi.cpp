// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/exempi.hpp"

#include <dlfcn.h>

#include <string>

#include "facet/error.hpp"
#include "index/sidecars/xmp_names.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void fail(const char* reason) {
  throw Error(ErrorCode::unsupported,
              std::string("XMP needs libexempi.so.8 (Debian: apt install libexempi8): ") +
                  (reason == nullptr ? "it cannot be loaded" : reason));
}

template <typename Function>
void find(void* library, Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) fail(dlerror());
}

Exempi load() {
  void* library = dlopen("libexempi.so.8", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) fail(dlerror());
  Exempi functions;
  find(library, functions.init, "xmp_init");
  find(library, functions.register_namespace, "xmp_register_namespace");
  find(library, functions.empty_new, "xmp_new_empty");
  find(library, functions.parse, "xmp_parse");
  find(library, functions.free, "xmp_free");
  find(library, functions.get_property, "xmp_get_property");
  find(library, functions.set_property, "xmp_set_property");
  find(library, functions.append_array_item, "xmp_append_array_item");
  find(library, functions.delete_property, "xmp_delete_property");
  find(library, functions.serialize, "xmp_serialize_and_format");
  find(library, functions.iterator_new, "xmp_iterator_new");
  find(library, functions.iterator_next, "xmp_iterator_next");
  find(library, functions.iterator_free, "xmp_iterator_free");
  find(library, functions.string_new, "xmp_string_new");
  find(library, functions.string_text, "xmp_string_cstr");
  find(library, functions.string_free, "xmp_string_free");
  // dlsym looks into the libraries that exempi was linked with, too.
  find(library, functions.xml_parser_new, "XML_ParserCreateNS");
  find(library, functions.xml_parser_free, "XML_ParserFree");
  find(library, functions.xml_set_user_data, "XML_SetUserData");
  find(library, functions.xml_set_element_handler, "XML_SetElementHandler");
  find(library, functions.xml_set_doctype_handler, "XML_SetStartDoctypeDeclHandler");
  find(library, functions.xml_stop_parser, "XML_StopParser");
  find(library, functions.xml_parse, "XML_Parse");
  if (!functions.init()) fail("it does not start");
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
