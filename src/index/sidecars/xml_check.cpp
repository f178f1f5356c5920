// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/xml_check.hpp"

#include <climits>
#include <memory>

#include "index/sidecars/exempi.hpp"

namespace facet::detail {
namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#|RDF";
constexpr int kDeepest = 100;  // regions lie some ten elements deep

struct Look {
  XML_Parser parser = nullptr;
  int depth = 0;
  int rdf = 0;
  std::string fault;

  void stop(const char* why) {
    fault = why;
    exempi().xml_stop_parser(parser, XML_FALSE);
  }
};

void begin(void* data, const XML_Char* name, const XML_Char** /*attributes*/) {
  auto& look = *static_cast<Look*>(data);
  if (name == kRdf) ++look.rdf;
  if (++look.depth > kDeepest) look.stop("its elements lie too deep in each other");
}

void end(void* data, const XML_Char* /*name*/) {
  --static_cast<Look*>(data)->depth;
}

void doctype(void* data, const XML_Char* /*name*/, const XML_Char* /*system_id*/,
             const XML_Char* /*public_id*/, int /*has_internal_subset*/) {
  static_cast<Look*>(data)->stop("it has a document type, which XMP does not allow");
}

}  // namespace

std::string fault_of_xmp(std::string_view text) {
  if (text.size() > INT_MAX) return "it is too large";
  const Exempi& functions = exempi();
  Look look;
  look.parser = functions.xml_parser_new(nullptr, '|');
  if (look.parser == nullptr) return "not enough memory";
  const std::unique_ptr<XML_ParserStruct, decltype(functions.xml_parser_free)> owner(
      look.parser, functions.xml_parser_free);
  functions.xml_set_user_data(look.parser, &look);
  functions.xml_set_element_handler(look.parser, begin, end);
  functions.xml_set_doctype_handler(look.parser, doctype);
  const XML_Status read =
      functions.xml_parse(look.parser, text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (!look.fault.empty()) return look.fault;
  if (read != XML_STATUS_OK) return "it is no XML, or damaged";
  if (look.rdf == 0) return "it holds no RDF";
  if (look.rdf > 1) return "it holds RDF twice";
  return {};
}

}  // namespace facet::detail
