// SPDX-License-Identifier: Apache-2.0
// Looks at XML before exempi does, which trusts it more: it takes any XML for XMP without contents,
// and recurses as deep as a file wants.
#pragma once

#include <string>
#include <string_view>

namespace facet::detail {

// Why the text is not XMP that facet would touch: no XML, too deep, with a document type, without
// RDF or with two of it. Empty where it is well. Throws Error(unsupported) where exempi is missing.
std::string fault_of_xmp(std::string_view text);

}  // namespace facet::detail
