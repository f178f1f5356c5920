// SPDX-License-Identifier: Apache-2.0
// The functions of exempi, which reads and writes XMP, and of expat below it, which reads XML, that
// facet uses; found when they are loaded.
#pragma once

#include <exempi-2.0/exempi/xmp.h>
#include <expat.h>

namespace facet::detail {

struct Exempi {
  decltype(&xmp_init) init = nullptr;
  decltype(&xmp_register_namespace) register_namespace = nullptr;
  decltype(&xmp_new_empty) empty_new = nullptr;
  decltype(&xmp_parse) parse = nullptr;
  decltype(&xmp_free) free = nullptr;
  decltype(&xmp_get_property) get_property = nullptr;
  decltype(&xmp_set_property) set_property = nullptr;
  decltype(&xmp_append_array_item) append_array_item = nullptr;
  decltype(&xmp_delete_property) delete_property = nullptr;
  decltype(&xmp_serialize_and_format) serialize = nullptr;
  decltype(&xmp_iterator_new) iterator_new = nullptr;
  decltype(&xmp_iterator_next) iterator_next = nullptr;
  decltype(&xmp_iterator_free) iterator_free = nullptr;
  decltype(&xmp_string_new) string_new = nullptr;
  decltype(&xmp_string_cstr) string_text = nullptr;
  decltype(&xmp_string_free) string_free = nullptr;

  decltype(&XML_ParserCreateNS) xml_parser_new = nullptr;
  decltype(&XML_ParserFree) xml_parser_free = nullptr;
  decltype(&XML_SetUserData) xml_set_user_data = nullptr;
  decltype(&XML_SetElementHandler) xml_set_element_handler = nullptr;
  decltype(&XML_SetStartDoctypeDeclHandler) xml_set_doctype_handler = nullptr;
  decltype(&XML_StopParser) xml_stop_parser = nullptr;
  decltype(&XML_Parse) xml_parse = nullptr;
};

// exempi writes a line to standard error where it does not understand RDF; nothing keeps it from
// it. Throws Error(unsupported) that says what to install. Thread-safe, and so are the functions
// for packets of their own.
const Exempi& exempi();

}  // namespace facet::detail
